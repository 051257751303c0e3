import { decode } from 'bmp-ts';
import Vips from 'wasm-vips';

/** A picture in WebP, no larger than asked for. */
export interface SmallPicture {
  readonly webp: Buffer;
  readonly width: number;
  readonly height: number;
}

const QUALITY = 78;

let loaded: ReturnType<typeof Vips> | undefined;

/** Compiled once in a thread. The libraries for HEIF, JPEG XL and SVG stay out: no upload may have these formats. */
async function load(): ReturnType<typeof Vips> {
  loaded ??= Vips({ dynamicLibraries: [] });
  const vips = await loaded;
  // Another file is another operation: a cache would only hold memory.
  vips.Cache.max(0);
  return vips;
}

/**
 * Scales a picture down, upright, without metadata. JPEG and WebP are decoded at a fraction of their size.
 * @param maxSide of width and height, in pixels
 */
export async function thumbnail(format: string, bytes: Buffer, maxSide: number): Promise<SmallPicture> {
  if (format === 'bmp') {
    const { data, width, height } = decode(bytes, { toRGBA: true });
    return smallFromPixels({ data, width, height }, maxSide);
  }
  const vips = await load();
  using image = vips.Image.thumbnailBuffer(bytes, maxSide, {
    height: maxSide,
    size: 'down',
    fail_on: 'error',
  });
  return encoded(image);
}

/** Scales RGBA pixels down. */
export async function smallFromPixels(
  { data, width, height }: { readonly data: Uint8Array; readonly width: number; readonly height: number },
  maxSide: number,
): Promise<SmallPicture> {
  const vips = await load();
  using pixels = vips.Image.newFromMemory(data, width, height, 4, vips.BandFormat.uchar);
  using image = pixels.copy({ interpretation: 'srgb' });
  using small = image.resize(Math.min(1, maxSide / Math.max(width, height)));
  return encoded(small);
}

interface EncodableImage {
  readonly width: number;
  readonly height: number;
  webpsaveBuffer(options: { Q: number; keep: 'none' }): Uint8Array;
}

const encoded = (image: EncodableImage): SmallPicture => ({
  webp: Buffer.from(image.webpsaveBuffer({ Q: QUALITY, keep: 'none' })),
  width: image.width,
  height: image.height,
});
