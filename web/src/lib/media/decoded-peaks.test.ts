import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodedPeaks, peaksOf } from './decoded-peaks.ts';

afterEach(() => vi.unstubAllGlobals());

/** A browser that decodes every sound to these channels, or fails. */
function browserThat(decode: () => Float32Array[]): void {
  class Decoder {
    async decodeAudioData() {
      const channels = decode();
      return { numberOfChannels: channels.length, getChannelData: (n: number) => channels[n] };
    }
  }
  vi.stubGlobal('OfflineAudioContext', Decoder);
}
const sound = new Blob(['bytes']);

describe('peaks', () => {
  it('are the maximum of all channels in each span', () => {
    const channels = [new Float32Array([0, 0.25, 0, -1]), new Float32Array([0.5, 0, 0.125, 0])];
    expect(peaksOf(channels, 2)).toEqual([0.5, 1]);
  });

  it('are fewer for a sound of fewer samples, and at most 1', () => {
    expect(peaksOf([new Float32Array([2, -3])], 200)).toEqual([1, 1]);
    expect(peaksOf([new Float32Array()], 200)).toEqual([]);
  });
});

describe('a sound decoded by the browser', () => {
  it('has 200 peaks at most', async () => {
    browserThat(() => [new Float32Array(8000).fill(0.5)]);
    expect(await decodedPeaks(sound)).toEqual(Array(200).fill(0.5));
  });

  it('has none if the browser cannot decode it, is too old, or the sound is too long', async () => {
    expect(await decodedPeaks(sound)).toBeUndefined();
    browserThat(() => {
      throw new DOMException('Unable to decode audio data', 'EncodingError');
    });
    expect(await decodedPeaks(sound)).toBeUndefined();
    browserThat(() => [new Float32Array([1])]);
    expect(await decodedPeaks({ ...sound, size: 21 * 1024 * 1024 })).toBeUndefined();
  });

  it('passes on any other failure', async () => {
    browserThat(() => {
      throw new TypeError('a mistake of ours');
    });
    await expect(decodedPeaks(sound)).rejects.toThrow('a mistake of ours');
  });
});
