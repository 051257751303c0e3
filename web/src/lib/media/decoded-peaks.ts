import { LIMITS } from '../../../../contracts/limits.ts';

/** Longer sounds would take more than 100 MB while they are decoded. */
const MAX_BYTES = 20 * 1024 * 1024;
/** Samples a second after decoding: enough for the outline of a sound, a sixth of the memory. */
const SAMPLE_RATE = 8000;

/** The loudest sample of each of `count` equal spans, from 0 to 1; fewer for a shorter sound. */
export function peaksOf(channels: readonly Float32Array[], count: number): number[] {
  const length = Math.min(...channels.map((samples) => samples.length));
  const spans = Math.min(count, length);
  return Array.from({ length: spans }, (_, span) => {
    const [from, to] = [Math.floor((span * length) / spans), Math.floor(((span + 1) * length) / spans)];
    let peak = 0;
    for (const samples of channels)
      for (let at = from; at < to; at++) peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    return Math.min(1, peak);
  });
}

/**
 * The waveform of a sound, decoded by the browser: for AAC (m4a), which the server does not decode.
 * @returns undefined if the browser cannot decode it, or it is too long
 */
export async function decodedPeaks(sound: Blob): Promise<number[] | undefined> {
  if (sound.size > MAX_BYTES || typeof OfflineAudioContext === 'undefined') return undefined;
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  let decoded: AudioBuffer;
  try {
    decoded = await context.decodeAudioData(await sound.arrayBuffer());
  } catch (error) {
    if (error instanceof DOMException && error.name === 'EncodingError') return undefined;
    throw error;
  }
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, n) => decoded.getChannelData(n));
  return peaksOf(channels, LIMITS.waveformPeaks.value);
}
