// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import live.millrace.platform.account.AccountAlert;
import live.millrace.platform.notification.Notices;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Rings the bell of whoever's account something happened to, in the transaction that it happened in. */
@Component
class AlertNotices {
    private final Notices notices;

    AlertNotices(Notices notices) {
        this.notices = notices;
    }

    @EventListener
    void on(AccountAlert alert) {
        notices.tell(alert.accountId(), alert.kind().name(), alert.from(), "/settings/security");
    }
}
