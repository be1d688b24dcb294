// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Locale;
import live.millrace.platform.account.AccountAlert;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.internal.AlertDelivery.AlertMail;
import live.millrace.platform.account.internal.MailTokens.Recipient;
import live.millrace.platform.delivery.Deliveries;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts down what is to be told: an event for those who keep the bell, and a mail. */
@Service
class QueuedAlerts implements AccountAlerts {
    private final MailServer server;
    private final MailTokens accounts;
    private final Whereabouts whereabouts;
    private final Deliveries deliveries;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    QueuedAlerts(
            MailServer server,
            MailTokens accounts,
            Whereabouts whereabouts,
            Deliveries deliveries,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.server = server;
        this.accounts = accounts;
        this.whereabouts = whereabouts;
        this.deliveries = deliveries;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public void tell(long accountId, Kind kind, @Nullable HttpServletRequest request) {
        transaction.executeWithoutResult(_ -> accounts.find(accountId).ifPresent(account -> {
            Locale locale = spoken(account, request);
            String from = request == null ? "" : whereabouts.of(request, locale);
            events.publishEvent(new AccountAlert(accountId, kind, from));
            // A changed address is told to the one before it, with a link that takes it back.
            if (server.available() && kind != Kind.MAIL_CHANGED) {
                deliveries.enqueue(
                        AlertDelivery.KIND,
                        account.username(),
                        new AlertMail(
                                accountId,
                                kind,
                                locale.toLanguageTag(),
                                from,
                                clock.instant().toString()),
                        null);
            }
        }));
    }

    /** Who never chose a language is told in the browser's. */
    private static Locale spoken(Recipient account, @Nullable HttpServletRequest request) {
        if (account.language() != null || request == null) {
            return account.spoken();
        }
        return request.getLocale().getLanguage().equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
    }
}
