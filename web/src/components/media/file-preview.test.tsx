// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Waveform } from './waveform.tsx';

afterEach(cleanup);

describe('a waveform', () => {
  it('has a bar for each span of time, as high as it is loud, and is named', () => {
    render(<Waveform peaks={[0, 0.5, 1]} label="Waveform of a.wav" className={undefined} />);
    const picture = screen.getByRole('img', { name: 'Waveform of a.wav' });
    const bars = [...picture.querySelectorAll('rect')].map((bar) => bar.getAttribute('height'));
    expect(bars).toEqual(['2', '50', '100']);
  });

  it('is silent for a screen reader beside the name of its file', () => {
    const { container } = render(<Waveform peaks={[1]} label="" className={undefined} />);
    expect(container.querySelector('svg')?.getAttribute('role')).toBe('presentation');
  });
});
