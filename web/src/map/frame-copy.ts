/** How often it is looked whether the graphics card has got as far as the copy. */
const LOOK_EVERY_MS = 60;

/** Red, green, blue, opacity; the lowest row first. */
interface Frame {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Copies of frames of a WebGL canvas for which the page never waits. Drawing the canvas into another one (`drawImage`) holds the page up until
 * everything before it has been drawn: with a software rasteriser 0.5 to 1.5 s, at any moment of somebody's work. Here the pixels go into
 * a buffer of the graphics card, and are fetched once a fence says that they are there.
 */
export interface FrameCopies {
  /** In the task that drew the frame. @returns false = nothing to copy, or the last copy is still under way */
  take(drawn: HTMLCanvasElement): boolean;
  /** Puts the last copy that came into a canvas. @returns false = none yet */
  paint(canvas: HTMLCanvasElement): boolean;
}

export function frameCopies(): FrameCopies {
  let last: Frame | null = null;
  let underWay = false;

  const fetchWhenDone = (copy: Copy): void => {
    const { gl, fence, buffer, width, height } = copy;
    if (gl.isContextLost()) {
      underWay = false;
      return;
    }
    const state = gl.clientWaitSync(fence, 0, 0);
    if (state === gl.TIMEOUT_EXPIRED) return void setTimeout(fetchWhenDone, LOOK_EVERY_MS, copy);
    if (state !== gl.WAIT_FAILED) {
      // The place of the frame before it is used again where it fits.
      const bytes = 4 * width * height;
      const pixels = last?.pixels.length === bytes ? last.pixels : new Uint8ClampedArray(bytes);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, pixels);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
      last = { width, height, pixels };
    }
    gl.deleteSync(fence);
    gl.deleteBuffer(buffer);
    underWay = false;
  };

  return {
    take: (drawn) => {
      if (underWay) return false;
      const copy = startCopy(drawn);
      if (!copy) return false;
      underWay = true;
      setTimeout(fetchWhenDone, LOOK_EVERY_MS, copy);
      return true;
    },
    paint: (canvas) => {
      if (!last) return false;
      const { width, height, pixels } = last;
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext('2d');
      if (!context) return false;
      context.putImageData(new ImageData(upright(pixels, width), width, height), 0, 0);
      return true;
    },
  };
}

interface Copy {
  readonly gl: WebGL2RenderingContext;
  readonly fence: WebGLSync;
  readonly buffer: WebGLBuffer;
  readonly width: number;
  readonly height: number;
}

/** What is bound afterwards is what was bound before: MapLibre and deck.gl remember what they bound. */
function startCopy(drawn: HTMLCanvasElement): Copy | null {
  const gl = drawn.getContext('webgl2');
  const { width, height } = drawn;
  if (!gl || gl.isContextLost() || width === 0 || height === 0) return null;
  const buffer = gl.createBuffer();
  const reads: unknown = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_PACK_BUFFER, 4 * width * height, gl.STREAM_READ);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, 0);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, reads instanceof WebGLFramebuffer ? reads : null);
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  if (fence) return { gl, fence, buffer, width, height };
  gl.deleteBuffer(buffer);
  return null;
}

/** WebGL counts rows from below. */
function upright(pixels: Uint8ClampedArray<ArrayBuffer>, width: number): Uint8ClampedArray<ArrayBuffer> {
  const row = 4 * width;
  const turned = new Uint8ClampedArray(pixels.length);
  for (let at = 0; at < pixels.length; at += row) turned.set(pixels.subarray(at, at + row), pixels.length - at - row);
  return turned;
}
