// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import live.millrace.platform.account.MailChangeUndone;
import live.millrace.platform.signin.AuthenticatorApps;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Takes off what a thief set up after they changed an account's mail address, once its owner has taken that back: a passkey of theirs would
 * let them in again, and an app of theirs would keep the owner out.
 */
@Component
class StrangersProofs {
    private final PasskeyRows passkeys;
    private final AuthenticatorApps apps;

    StrangersProofs(PasskeyRows passkeys, AuthenticatorApps apps) {
        this.passkeys = passkeys;
        this.apps = apps;
    }

    @EventListener
    void on(MailChangeUndone event) {
        passkeys.removeSince(event.accountId(), event.since());
        if (apps.state(event.accountId())
                .filter(app -> !app.since().isBefore(event.since()))
                .isPresent()) {
            apps.remove(event.accountId());
        }
    }
}
