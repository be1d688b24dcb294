// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.PasswordReset;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Tells whoever's password was changed, in the transaction that changes it. */
@Component
class PasswordAlerts {
    private final AccountAlerts alerts;

    PasswordAlerts(AccountAlerts alerts) {
        this.alerts = alerts;
    }

    @EventListener
    void on(PasswordChanged event) {
        tell(event.accountId());
    }

    @EventListener
    void on(PasswordReset event) {
        tell(event.accountId());
    }

    private void tell(long accountId) {
        alerts.tell(
                accountId,
                AccountAlerts.Kind.PASSWORD_CHANGED,
                RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                        ? attributes.getRequest()
                        : null);
    }
}
