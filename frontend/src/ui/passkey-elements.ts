// <passkey-sign-in>, <passkey-add> and <passkey-confirm>: what they do is loaded on pages that have one, in browsers that have passkeys.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

abstract class PasskeyElement extends Island {
  protected enter(life: Lifetime): void {
    const form = this.querySelector('form') ?? this.closest('form');
    if (form && 'PublicKeyCredential' in window) {
      this.hidden = false;
      void import('./passkeys').then((passkeys) => life.over || this.begin(passkeys, form, life));
    }
  }

  protected abstract begin(passkeys: typeof import('./passkeys'), form: HTMLFormElement, life: Lifetime): void;
}

class PasskeySignIn extends PasskeyElement {
  protected begin(passkeys: typeof import('./passkeys'), form: HTMLFormElement, life: Lifetime): void {
    passkeys.signIn(form, this.dataset, life);
  }
}

class PasskeyAdd extends PasskeyElement {
  protected begin(passkeys: typeof import('./passkeys'), form: HTMLFormElement, life: Lifetime): void {
    passkeys.add(form, this.dataset, life);
  }
}

class PasskeyConfirm extends PasskeyElement {
  protected begin(passkeys: typeof import('./passkeys'), form: HTMLFormElement, life: Lifetime): void {
    passkeys.confirm(form, this, life);
  }
}

customElements.define('passkey-sign-in', PasskeySignIn);
customElements.define('passkey-add', PasskeyAdd);
customElements.define('passkey-confirm', PasskeyConfirm);
