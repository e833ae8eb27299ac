// The decision field of a model with the points, or, for images, the weights of its first units.
import { useMemo, useRef } from 'preact/hooks';
import { classColor, css, middle, mix, type Rgb } from '../colors.ts';
import { useDrawing, useSession, useSize } from '../hooks.ts';
import type { Session } from '../session.ts';
import type { DataFacts, Field as FieldData } from '../training/messages.ts';

interface Props {
  session: Session;
  run: number;
  label: string;
  dark: boolean;
}

export function Boundary({ session, run, label, dark }: Props) {
  const data = useSession(session, (s) => s.data);
  const images = data !== undefined && data.area === undefined;
  return images ? (
    <Images session={session} run={run} label={label} dark={dark} data={data} />
  ) : (
    <Field session={session} run={run} label={label} dark={dark} data={data} />
  );
}

type PictureProps = Props & { data: DataFacts | undefined };

function Field({ session, run, label, dark, data }: PictureProps) {
  const [box, width, height] = useSize<HTMLDivElement>();
  const field = useRef<HTMLCanvasElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const raster = useMemo(() => new Raster(dark), [dark]);
  useDrawing(session, () => {
    const snapshot = session.runs[run]?.snapshot;
    if (field.current && snapshot?.field && session.data) {
      raster.draw(field.current, snapshot.field, session.data.classes);
    }
  }, [raster, run]);
  useDrawing(session, once(session, points, dark, width, height), [width, height, dark, data]);
  return (
    <div class="picture" ref={box} role="img" aria-label={`Decision boundary of ${label} with train and test points`}>
      <canvas ref={field} />
      <canvas ref={points} />
    </div>
  );
}

/** Points do not move: they are drawn anew for other data, another size and another theme only. */
function once(
  session: Session,
  canvas: { current: HTMLCanvasElement | null },
  dark: boolean,
  width: number,
  height: number,
): () => void {
  let drawn: DataFacts | undefined;
  return () => {
    if (!canvas.current || !session.data || session.data === drawn || width === 0) return;
    drawn = session.data;
    drawPoints(canvas.current, session.data, dark, width, height);
  };
}

/** Colors probabilities cell by cell. */
class Raster {
  #image = new ImageData(1, 1);
  readonly #middle: Rgb;
  readonly #between: Rgb[];

  constructor(dark: boolean) {
    this.#middle = middle(dark);
    this.#between = Array.from({ length: 256 }, (_, i) => {
      const side = classColor(i < 128 ? 0 : 1);
      return mix(this.#middle, side, 0.62 * Math.abs(i / 127.5 - 1));
    });
  }

  draw(canvas: HTMLCanvasElement, { cells, columns, rows }: FieldData, classes: number): void {
    if (canvas.width !== columns || this.#image.width !== columns) {
      canvas.width = columns;
      canvas.height = rows;
      this.#image = new ImageData(columns, rows);
    }
    const { data } = this.#image;
    for (let i = 0; i < rows * columns; i++) {
      const [red, green, blue] = classes > 2 ? this.#mixed(cells, i, classes) : this.#between[cells[i]];
      data[4 * i] = red;
      data[4 * i + 1] = green;
      data[4 * i + 2] = blue;
      data[4 * i + 3] = 255;
    }
    canvas.getContext('2d')?.putImageData(this.#image, 0, 0);
  }

  /** The color of the most probable class, the paler the less it is ahead of the others. */
  #mixed(cells: Uint8Array, cell: number, classes: number): Rgb {
    let best = 0;
    let second = -1;
    for (let k = 1; k < classes; k++) {
      const p = cells[cell * classes + k];
      if (p > cells[cell * classes + best]) {
        second = best;
        best = k;
      } else if (second < 0 || p > cells[cell * classes + second]) second = k;
    }
    const lead = (cells[cell * classes + best] - cells[cell * classes + second]) / 255;
    return mix(this.#middle, classColor(best), 0.08 + 0.54 * lead);
  }
}

const TEST = 2;
const VALIDATION = 1;

/** Training points are filled, test points are rings; those of validation would only fill the picture. */
function drawPoints(canvas: HTMLCanvasElement, data: DataFacts, dark: boolean, width: number, height: number): void {
  const scale = devicePixelRatio;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d');
  if (!context || !data.area) return;
  context.scale(scale, scale);
  const { xMin, xMax, yMin, yMax } = data.area;
  const radius = data.x.length > 800 ? 1.8 : 2.6;
  for (let i = 0; i < data.x.length; i++) {
    if (data.part[i] === VALIDATION) continue;
    const x = ((data.x[i] - xMin) / (xMax - xMin)) * width;
    const y = ((yMax - data.y[i]) / (yMax - yMin)) * height;
    const color = css(mix(classColor(data.label[i]), dark ? [255, 255, 255] : [0, 0, 0], dark ? 0.25 : 0.18));
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (data.part[i] === TEST) {
      context.fillStyle = dark ? '#0c0f14b0' : '#ffffffc0';
      context.fill();
      context.strokeStyle = color;
      context.lineWidth = 1.3;
    } else {
      context.fillStyle = color;
      context.fill();
      context.strokeStyle = dark ? '#0c0f14' : '#ffffff';
      context.lineWidth = 0.7;
    }
    context.stroke();
  }
}

/** Tiles in a row of images. */
const across = 5;

function Images({ session, run, label, dark, data }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const side = Math.sqrt(data?.features ?? 1);
  useDrawing(session, () => {
    const images = session.runs[run]?.snapshot?.images;
    if (canvas.current && images) drawImages(canvas.current, images, side, dark);
  }, [side, dark, run]);
  return (
    <div
      class="picture images"
      role="img"
      aria-label={`What the first hidden units of ${label} look for in the images`}
    >
      <canvas ref={canvas} />
      <p aria-hidden="true">Weights of the first {4 * across} units</p>
    </div>
  );
}

function drawImages(canvas: HTMLCanvasElement, images: Float32Array, side: number, dark: boolean): void {
  const count = images.length / side ** 2;
  const pitch = side + 1;
  canvas.width = across * pitch - 1;
  canvas.height = Math.ceil(count / across) * pitch - 1;
  const context = canvas.getContext('2d')!;
  const pixels = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < images.length; i++) {
    const unit = Math.floor(i / side ** 2);
    const x = (unit % across) * pitch + (i % side);
    const y = Math.floor(unit / across) * pitch + (Math.floor(i / side) % side);
    const color = mix(middle(dark), classColor(images[i] < 0 ? 0 : 1), Math.sqrt(Math.abs(images[i])));
    pixels.data.set([...color, 255], 4 * (y * canvas.width + x));
  }
  context.putImageData(pixels, 0, 0);
}
