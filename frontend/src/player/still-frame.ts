// The last picture of a source that another takes the place of: it stays until that one has a picture, in place of a black flash.

export function holdStill(host: HTMLElement, video: HTMLVideoElement): void {
  const canvas = host.querySelector<HTMLCanvasElement>('.stage-still');
  const context = canvas?.getContext('2d');
  if (!canvas || !context || video.videoWidth === 0) {
    return;
  }
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  try {
    context.drawImage(video, 0, 0);
  } catch {
    return; // of another origin that does not allow it
  }
  canvas.hidden = false;
  const over = new AbortController();
  const gone = () => {
    canvas.hidden = true;
    over.abort();
  };
  for (const kind of ['playing', 'loadeddata']) {
    video.addEventListener(kind, gone, { signal: over.signal });
  }
}
