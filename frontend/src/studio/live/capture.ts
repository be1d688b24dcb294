// Cameras, microphones and screens, as browsers give them.

export type DeviceTrouble = 'refused' | 'absent' | 'busy' | 'failed';

/** How large a picture is at most, and what it may cost. */
export interface Quality {
  height: number;
  /** Bits per second. */
  bitrate: number;
}

export const QUALITIES: Quality[] = [
  { height: 1080, bitrate: 5_000_000 },
  { height: 720, bitrate: 2_500_000 },
  { height: 480, bitrate: 1_200_000 },
  { height: 360, bitrate: 700_000 },
];

const FRAME_RATE = 30;

export interface CameraWish {
  /** Empty: whichever the browser takes. */
  camera: string;
  microphone: string;
  /** Which of a phone's cameras, where none is named. */
  facing: 'user' | 'environment';
  height: number;
  /** Neither noise nor echo is taken out of the sound. */
  music: boolean;
}

/** What stands against a camera, a microphone or a screen (Media Capture and Streams §10.2). */
export function troubleOf(error: unknown): DeviceTrouble {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
    case 'InvalidStateError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

export function videoWish(wish: CameraWish): MediaTrackConstraints {
  return {
    ...(wish.camera ? { deviceId: { ideal: wish.camera } } : { facingMode: { ideal: wish.facing } }),
    width: { ideal: Math.round((wish.height * 16) / 9) },
    height: { ideal: wish.height },
    frameRate: { ideal: FRAME_RATE },
  };
}

export function audioWish(wish: Pick<CameraWish, 'microphone' | 'music'>): MediaTrackConstraints {
  const clean = !wish.music;
  return {
    ...(wish.microphone ? { deviceId: { ideal: wish.microphone } } : {}),
    echoCancellation: clean,
    noiseSuppression: clean,
    autoGainControl: clean,
    channelCount: { ideal: 2 },
  };
}

/** Whether the browser was told never to hand one of them out. */
async function denied(name: 'camera' | 'microphone'): Promise<boolean> {
  // Not every browser knows these names.
  const told = await navigator.permissions?.query({ name }).catch(() => undefined);
  return told?.state === 'denied';
}

/** Whether it may be the microphone alone that is missing. */
async function bySound(error: unknown): Promise<boolean> {
  switch (troubleOf(error)) {
    case 'absent':
    case 'busy':
      return true;
    case 'refused':
      return (await denied('microphone')) && !(await denied('camera'));
    default:
      return false;
  }
}

/**
 * Picture and sound in one question: where a phone is asked for them one after the other, the first falls silent. Whose microphone cannot be had
 * is seen without a sound.
 *
 * @throws DOMException as {@link troubleOf} reads it
 */
export async function openCamera(wish: CameraWish): Promise<MediaStream> {
  const video = videoWish(wish);
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: audioWish(wish) });
  } catch (error) {
    if (!(await bySound(error))) {
      throw error;
    }
    return navigator.mediaDevices.getUserMedia({ video });
  }
}

/** For who shares a screen, and may have no camera. */
export function openMicrophone(wish: Pick<CameraWish, 'microphone' | 'music'>): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: audioWish(wish) });
}

export const canShareScreen = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === 'function';

/** With what is heard there, where the browser has that. */
export function openScreen(): Promise<MediaStream> {
  return navigator.mediaDevices.getDisplayMedia({
    video: { height: { max: 1080 }, frameRate: { ideal: FRAME_RATE } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    // The compiler's list is older than these.
    ...{ systemAudio: 'include', selfBrowserSurface: 'exclude', surfaceSwitching: 'include' },
  });
}
