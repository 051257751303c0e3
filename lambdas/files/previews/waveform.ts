import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { Loudness } from './loudness.ts';
import { addWavSamples } from './wav-samples.ts';

/** What a decoder of the family `wasm-audio-decoders` does. */
interface StreamDecoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Decoded | Promise<Decoded>;
  free(): void | Promise<void>;
}
interface Decoded {
  readonly channelData: readonly Float32Array[];
}

/** Bytes that are decoded at a time: their samples are in memory together. */
const CHUNK_BYTES = 64 * 1024;

/**
 * The loudness of a sound over its time. Undefined for an encoding that is not decoded here: AAC, whose
 * decoders in JavaScript are under the GPL, and compressed WAV.
 */
export async function waveform(format: string, bytes: Buffer, spans: number): Promise<number[] | undefined> {
  const loudness = new Loudness();
  switch (format) {
    case 'wav':
      if (!addWavSamples(bytes, loudness)) return undefined;
      break;
    case 'mp3':
      await addStream(new MPEGDecoder(), bytes, loudness);
      break;
    case 'flac':
      await addStream(new FLACDecoder(), bytes, loudness);
      break;
    case 'ogg':
      await addStream(
        bytes.subarray(0, 256).includes('OpusHead') ? new OggOpusDecoder() : new OggVorbisDecoder(),
        bytes,
        loudness,
      );
      break;
    default:
      return undefined;
  }
  const found = loudness.spans(spans);
  return found.length > 0 ? found : undefined;
}

async function addStream(decoder: StreamDecoder, bytes: Buffer, loudness: Loudness): Promise<void> {
  await decoder.ready;
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const { channelData } = await decoder.decode(bytes.subarray(at, at + CHUNK_BYTES));
    if (channelData.length > 0) loudness.add(channelData);
  }
  const rest = await decoder.flush?.();
  if (rest && rest.channelData.length > 0) loudness.add(rest.channelData);
  await decoder.free();
}
