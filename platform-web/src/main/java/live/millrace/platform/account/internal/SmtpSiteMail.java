// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.util.Locale;
import live.millrace.platform.account.SiteMail;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.site.SiteSettings;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Service;

@Service
class SmtpSiteMail implements SiteMail {
    private final MailServer server;
    private final MessageSource texts;
    private final SiteSettings settings;

    SmtpSiteMail(MailServer server, MessageSource texts, SiteSettings settings) {
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
}
