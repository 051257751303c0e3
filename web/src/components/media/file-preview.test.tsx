// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Waveform } from './waveform.tsx';

afterEach(cleanup);

describe('a waveform', () => {
  it('has an accessible name, and a bar per span of time, as high as its loudness', () => {
    render(<Waveform peaks={[0, 0.5, 1]} label="Waveform of a.wav" className={undefined} />);
    const picture = screen.getByRole('img', { name: 'Waveform of a.wav' });
    const bars = [...picture.querySelectorAll('rect')].map((bar) => bar.getAttribute('height'));
    expect(bars).toEqual(['2', '50', '100']);
  });

  it('is hidden from screen readers if the name of its file is beside it', () => {
    const { container } = render(<Waveform peaks={[1]} label="" className={undefined} />);
    expect(container.querySelector('svg')?.getAttribute('role')).toBe('presentation');
  });
});
