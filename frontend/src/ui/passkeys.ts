// Passkeys by WebAuthn: what the browser answers goes into the form, which is sent as any other.
import type { Lifetime } from '../core/lifetime';

/** A challenge is good for an hour; a page that asks by itself asks again before that. */
const RENEW_MILLIS = 45 * 60_000;

const CONFIRM = '/confirm/passkey';

interface Words {
  failed?: string;
  none?: string;
  known?: string;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

// ---- what older browsers cannot ---------------------------------------------------------------------------------

interface Descriptor {
  type: 'public-key';
  id: string;
  transports?: AuthenticatorTransport[];
}

function known(list: Descriptor[]): PublicKeyCredentialDescriptor[] {
  return list.map((one) => ({ ...one, id: bytes(one.id) }));
}

export function creationOptions(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  if ('parseCreationOptionsFromJSON' in PublicKeyCredential) {
    return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  }
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytes(json.challenge),
    user: { ...json.user, id: bytes(json.user.id) },
    excludeCredentials: known((json.excludeCredentials ?? []) as Descriptor[]),
  };
}

export function requestOptions(json: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  if ('parseRequestOptionsFromJSON' in PublicKeyCredential) {
    return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  }
  return {
    ...(json as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytes(json.challenge),
    allowCredentials: known((json.allowCredentials ?? []) as Descriptor[]),
  };
}

export function answer(credential: PublicKeyCredential): unknown {
  if (typeof credential.toJSON === 'function') {
    return credential.toJSON();
  }
  const { response } = credential;
  const parts: Record<string, unknown> = { clientDataJSON: text(response.clientDataJSON) };
  if ('attestationObject' in response) {
    const made = response as AuthenticatorAttestationResponse;
    parts.attestationObject = text(made.attestationObject);
    parts.transports = made.getTransports?.() ?? [];
  } else {
    const shown = response as AuthenticatorAssertionResponse;
    parts.authenticatorData = text(shown.authenticatorData);
    parts.signature = text(shown.signature);
    parts.userHandle = shown.userHandle ? text(shown.userHandle) : undefined;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

// ---- asking -----------------------------------------------------------------------------------------------------

async function options<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  if (response.status === 403) {
    // Asked first whether it is still they; back here afterwards.
    location.assign(`/confirm?continue=${encodeURIComponent(location.pathname)}`);
  }
  if (!response.ok) {
    throw new Error(response.statusText);
  }
  return (await response.json()) as T;
}

function send(form: HTMLFormElement, credential: Credential | null, name = 'credential'): void {
  const field = form.elements.namedItem(name);
  if (credential && field instanceof HTMLInputElement) {
    field.value = JSON.stringify(answer(credential as PublicKeyCredential));
    // Of the form itself: what is kept in it may have a field of that name.
    HTMLFormElement.prototype.submit.call(form);
  }
}

function say(form: HTMLElement, words: string | undefined): void {
  const place = form.querySelector<HTMLElement>('[role="status"]');
  if (place) {
    place.hidden = !words;
    place.textContent = words ?? '';
  }
}

/** Why there is none, in words: people who close the browser's window know that they did. */
function reason(failure: unknown, words: Words): string | undefined {
  const name = failure instanceof Error || failure instanceof DOMException ? failure.name : '';
  return name === 'InvalidStateError'
    ? (words.known ?? words.failed)
    : name === 'NotAllowedError'
      ? words.none
      : words.failed;
}

export function add(form: HTMLFormElement, words: Words, life: Lifetime): void {
  life.listen<SubmitEvent>(form, 'submit', async (event) => {
    event.preventDefault();
    say(form, undefined);
    try {
      const json = await options<PublicKeyCredentialCreationOptionsJSON>('/settings/security/passkeys/options');
      send(form, await navigator.credentials.create({ publicKey: creationOptions(json), signal: life.signal }));
    } catch (failure) {
      say(form, reason(failure, words));
    }
  });
}

export function signIn(form: HTMLFormElement, words: Words, life: Lifetime): void {
  const button = form.querySelector('button');
  let offering = new AbortController();
  life.atEnd(() => offering.abort());

  const ask = async (mediation: CredentialMediationRequirement | undefined, signal: AbortSignal) => {
    const json = await options<PublicKeyCredentialRequestOptionsJSON>('/login/passkey');
    const request: CredentialRequestOptions = { publicKey: requestOptions(json), signal };
    send(form, await navigator.credentials.get(mediation ? { ...request, mediation } : request));
  };

  /** Among what the browser offers for the name's field; it stays silent until somebody chooses it. */
  const offer = async () => {
    offering.abort();
    offering = new AbortController();
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) {
      await ask('conditional', offering.signal).catch(() => undefined);
    }
  };

  life.listen(button, 'click', async () => {
    // A browser asks for one at a time.
    offering.abort();
    offering = new AbortController();
    say(form, undefined);
    try {
      await ask(undefined, offering.signal);
    } catch (failure) {
      say(form, reason(failure, words));
      void offer();
    }
  });
  life.every(RENEW_MILLIS, () => void offer());
  void offer();
}

/** Beside other ways to show that it is still they, in their form. */
export function confirm(form: HTMLFormElement, place: HTMLElement, life: Lifetime): void {
  const button = place.querySelector('button');
  let asking = new AbortController();
  life.atEnd(() => asking.abort());
  life.listen(button, 'click', async () => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    say(place, undefined);
    try {
      const json = await options<PublicKeyCredentialRequestOptionsJSON>(CONFIRM);
      const shown = await navigator.credentials.get({ publicKey: requestOptions(json), signal });
      form.setAttribute('action', CONFIRM);
      send(form, shown, 'confirm-credential');
    } catch (failure) {
      if (!signal.aborted) {
        say(place, reason(failure, place.dataset));
      }
    }
  });
  if (document.activeElement === document.body) {
    button?.focus();
  }
}
