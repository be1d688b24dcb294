// Where the picture comes from: hls.js where the browser has Media Source Extensions, the browser's own HLS elsewhere.

export interface Source {
  destroy(): void;
  /** Seconds behind the live edge, if known. */
  latency(): number | undefined;
  jumpToLive(): void;
}

export interface SourceEvents {
  /** It cannot go on by itself: make another. */
  failed(): void;
  unsupported(): void;
}

export async function openSource(video: HTMLVideoElement, url: string, events: SourceEvents): Promise<Source> {
  const { default: Hls } = await import('hls.js');
  if (Hls.isSupported()) {
    return hlsSource(Hls, video, url, events);
  }
  if (video.canPlayType('application/vnd.apple.mpegurl')) {
    return nativeSource(video, url, events);
  }
  events.unsupported();
  return { destroy: () => {}, latency: () => undefined, jumpToLive: () => {} };
}

function hlsSource(
  Hls: typeof import('hls.js').default,
  video: HTMLVideoElement,
  url: string,
  events: SourceEvents,
): Source {
  const hls = new Hls({
    // Two segments behind the edge: soon enough to be live, late enough to survive one slow segment.
    liveSyncDurationCount: 2,
    liveMaxLatencyDurationCount: 8,
    maxLiveSyncPlaybackRate: 1.06,
    backBufferLength: 30,
  });
  let mediaErrors = 0;
  hls.on(Hls.Events.ERROR, (_event, data) => {
    if (!data.fatal) {
      return;
    }
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mediaErrors++ < 2) {
      hls.recoverMediaError();
    } else if (data.details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) {
      events.unsupported();
    } else {
      events.failed();
    }
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  // For diagnosis in the browser's console.
  Object.assign(window, { hls });
  return {
    destroy: () => hls.destroy(),
    latency: () => (hls.latency > 0 ? hls.latency : undefined),
    jumpToLive: () => {
      if (hls.liveSyncPosition !== null && hls.liveSyncPosition !== undefined) {
        video.currentTime = hls.liveSyncPosition;
      }
    },
  };
}

function nativeSource(video: HTMLVideoElement, url: string, events: SourceEvents): Source {
  const failed = () => events.failed();
  video.src = url;
  video.addEventListener('error', failed);
  const edge = () => (video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : undefined);
  return {
    destroy: () => {
      video.removeEventListener('error', failed);
      video.removeAttribute('src');
      video.load();
    },
    latency: () => {
      const end = edge();
      return end === undefined ? undefined : end - video.currentTime;
    },
    jumpToLive: () => {
      const end = edge();
      if (end !== undefined) {
        video.currentTime = Math.max(0, end - 4);
      }
    },
  };
}
