// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.PasswordChanged;
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
        alerts.tell(
                event.accountId(),
                AccountAlerts.Kind.PASSWORD_CHANGED,
                RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                        ? attributes.getRequest()
                        : null);
    }
}
