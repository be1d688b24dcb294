// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.time.Clock;
import java.util.Locale;
import live.millrace.platform.account.SiteMail;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.site.SiteSettings;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.MissingNode;

@Service
class SmtpSiteMail implements SiteMail {
    private final MailServer server;
    private final MessageSource texts;
    private final SiteSettings settings;
    private final Clock clock;

    SmtpSiteMail(MailServer server, MessageSource texts, SiteSettings settings, Clock clock) {
        this.clock = clock;
        this.server = server;
        this.texts = texts;
        this.settings = settings;
    }

    @Override
    public boolean available() {
        return server.available();
    }

    @Override
    public String origin() {
        return server.origin();
    }

    @Override
    public Outcome send(Delivery delivery, String to, String subject, String text, Locale language) {
        return server.send(
                delivery,
                to,
                subject,
                text + MailDelivery.signature(settings.identity(), server.origin(), texts, language));
    }

    @Override
    public Outcome test(String to, Locale language) {
        Delivery now = new Delivery(0, "mail.test", "", MissingNode.getInstance(), 0, clock.instant());
        return send(
                now,
                to,
                texts.getMessage("mail.test.subject", new Object[] {settings.siteName()}, language),
                texts.getMessage("mail.test.text", new Object[] {settings.siteName()}, language),
                language);
    }
}
