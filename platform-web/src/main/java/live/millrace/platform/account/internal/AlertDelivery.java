// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.internal.MailTokens.Recipient;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.site.SiteIdentity;
import live.millrace.platform.site.SiteSettings;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/** Mails what happened to an account, and what to do when it was somebody else. */
@Component
class AlertDelivery implements DeliveryHandler {
    static final String KIND = "mail.alert";

    /**
     * @param from the browser and the network, as people read it; empty where that is not known
     * @param at when it happened
     */
    record AlertMail(long account, AccountAlerts.Kind kind, String language, String from, String at) {}

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final MailServer server;
    private final MailTokens accounts;
    private final MessageSource texts;
    private final SiteSettings settings;

    AlertDelivery(MailServer server, MailTokens accounts, MessageSource texts, SiteSettings settings) {
        this.server = server;
        this.accounts = accounts;
        this.texts = texts;
        this.settings = settings;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The server may be slow. */
    @Override
    public boolean inDatabase() {
        return false;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        Optional<Recipient> recipient =
                accounts.find(delivery.body().path("account").asLong());
        if (recipient.isEmpty()) {
            return Outcome.GONE;
        }
        if (!server.available()) {
            return new Outcome.Later("no mail server is set");
        }
        Locale locale = Locale.forLanguageTag(delivery.body().path("language").asString());
        SiteIdentity identity = settings.identity();
        String key = "mail.alert."
                + AccountAlerts.Kind.valueOf(delivery.body().path("kind").asString())
                        .key();
        String from = delivery.body().path("from").asString();
        String what = texts.getMessage(key, null, locale);
        return server.send(
                delivery,
                recipient.get().email(),
                identity.name() + ": " + what,
                texts.getMessage(
                                "mail.alert.text",
                                new Object[] {
                                    recipient.get().username(),
                                    what,
                                    from.isEmpty() ? texts.getMessage("account.from.unknown", null, locale) : from,
                                    MOMENT.format(Instant.parse(
                                            delivery.body().path("at").asString())),
                                    server.origin() + "/forgot"
                                },
                                locale)
                        + MailDelivery.signature(identity, server.origin(), texts, locale));
    }
}
