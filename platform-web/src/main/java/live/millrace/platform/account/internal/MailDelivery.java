// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.internal.MailTokens.Recipient;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.site.SiteIdentity;
import live.millrace.platform.site.SiteSettings;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/**
 * Writes a mail when its turn comes. What waits says to whom and why, and no more: the token is made here, so that none lies in the queue,
 * and one that had to wait for a server is as good as new.
 */
@Component
class MailDelivery implements DeliveryHandler {
    static final String KIND = "mail";

    /**
     * @param account 0 for an address that nobody has: what is asked for it takes as long as for any other
     * @param otherEmail where another than the account's own address is written to, as {@link MailTokens#note} numbered it; else 0
     */
    record Mail(long account, MailPurpose purpose, String language, long otherEmail) {}

    private final MailServer server;
    private final MailTokens tokens;
    private final MessageSource texts;
    private final SiteSettings settings;

    MailDelivery(MailServer server, MailTokens tokens, MessageSource texts, SiteSettings settings) {
        this.server = server;
        this.tokens = tokens;
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
        MailPurpose purpose =
                MailPurpose.valueOf(delivery.body().path("purpose").asString());
        long other = delivery.body().path("otherEmail").asLong(0);
        Optional<Recipient> recipient =
                other == 0 ? tokens.find(delivery.body().path("account").asLong()) : tokens.at(other);
        if (recipient.isEmpty()
                || recipient.get().email().isEmpty()
                || (purpose == MailPurpose.VERIFY && recipient.get().verified())) {
            return Outcome.GONE;
        }
        if (!server.available()) {
            return new Outcome.Later("no mail server is set");
        }
        Recipient to = recipient.get();
        Locale locale = Locale.forLanguageTag(delivery.body().path("language").asString());
        Duration valid = purpose.valid();
        SiteIdentity identity = settings.identity();
        String path = purpose.path() + (valid == null ? "" : tokens.make(to, purpose.opens(), valid));
        return server.send(
                delivery,
                to.email(),
                texts.getMessage(purpose.key() + ".subject", new Object[] {identity.name()}, locale),
                texts.getMessage(
                                purpose.key() + ".text",
                                new Object[] {to.username(), server.origin() + path, identity.name()},
                                locale)
                        + signature(identity, server.origin(), texts, locale));
    }

    /** Whose mail it is, where they are found, and whom to ask: after the line that mail readers take for the end (RFC 3676 §4.3). */
    static String signature(SiteIdentity identity, String origin, MessageSource texts, Locale locale) {
        StringBuilder lines = new StringBuilder("\n-- \n")
                .append(identity.name())
                .append('\n')
                .append(origin)
                .append('\n');
        if (!identity.runBy().isEmpty()) {
            lines.append(texts.getMessage("site.run-by", new Object[] {identity.runBy()}, locale))
                    .append('\n');
        }
        return lines.append(identity.contact()).append('\n').toString().stripTrailing() + "\n";
    }
}
