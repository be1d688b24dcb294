// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.SiteName;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mail.MailException;
import org.springframework.mail.MailParseException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/** The site's SMTP server, if it has one. Mails are plain text. */
@Component
class MailServer {
    private final ObjectProvider<JavaMailSender> sender;
    private final SiteAddress site;
    private final SiteName name;
    private final String from;
    private final String host;

    MailServer(
            ObjectProvider<JavaMailSender> sender,
            SiteAddress site,
            SiteName name,
            @Value("${millrace.mail.from:}") String from,
            @Value("${spring.mail.host:}") String host,
            @Value("${millrace.https.domain:}") String domain) {
        this.sender = sender;
        this.site = site;
        this.name = name;
        this.from = from;
        this.host = host;
        if (!host.isBlank() && (from.isBlank() || (site.origin().isEmpty() && domain.isBlank()))) {
            throw new StartupException(
                    "Mail is configured (spring.mail.host), but not who sends it or where its links lead.",
                    "Set millrace.mail.from, like no-reply@example.org, and millrace.public-url, like https://live.example.org.");
        }
    }

    boolean available() {
        return !from.isBlank() && site.origin().isPresent() && smtp() != null;
    }

    /** There may be a sender without a server: which beans there are can have been decided when the program was packed. */
    private @Nullable JavaMailSender smtp() {
        JavaMailSender smtp = sender.getIfAvailable();
        return smtp instanceof JavaMailSenderImpl && host.isBlank() ? null : smtp;
    }

    /** Where links in mails begin. */
    String origin() {
        return site.origin().orElseThrow();
    }

    /**
     * Hands a mail to the server. However often one delivery is tried, its mail bears the same Message-ID: whoever gets it twice, since
     * the server's answer was lost, can tell.
     */
    Outcome send(Delivery delivery, String to, String subject, String text) {
        JavaMailSender smtp = smtp();
        if (smtp == null) {
            return new Outcome.Later("no mail server is set");
        }
        MimeMessage message = smtp.createMimeMessage();
        try {
            MimeMessageHelper mail = new MimeMessageHelper(message, StandardCharsets.UTF_8.name());
            mail.setFrom(sender());
            mail.setTo(to);
            mail.setSubject(subject);
            mail.setText(text);
            mail.setSentDate(Date.from(delivery.madeAt()));
            message.setHeader("Message-ID", messageId(delivery));
            smtp.send(message);
            return Outcome.DONE;
        } catch (MessagingException | MailParseException malformed) {
            return new Outcome.Never(malformed.getClass().getSimpleName());
        } catch (MailException e) {
            // Neither the address nor the link belongs into a log or a list: an answer of the server may hold both.
            Throwable cause = cause(e);
            if (cause instanceof SendFailedException failed
                    && failed.getInvalidAddresses() != null
                    && failed.getInvalidAddresses().length > 0) {
                return new Outcome.Never("the server refused the address");
            }
            return new Outcome.Later(server(smtp) + type(cause == null ? e : cause));
        }
    }

    /** The site by its name, unless whoever configured the address gave it another. */
    private InternetAddress sender() throws AddressException {
        InternetAddress address = new InternetAddress(from);
        if (address.getPersonal() == null) {
            try {
                address.setPersonal(name.siteName(), StandardCharsets.UTF_8.name());
            } catch (UnsupportedEncodingException never) {
                throw new IllegalStateException(never);
            }
        }
        return address;
    }

    /** Where an operator would look. */
    private static String server(JavaMailSender smtp) {
        return smtp instanceof JavaMailSenderImpl set ? set.getHost() + ":" + set.getPort() + ": " : "";
    }

    /** What the network said, where it was the network: its types say enough, and hold no address. */
    private static String type(Throwable failure) {
        Throwable deepest = failure;
        for (int depth = 0; deepest.getCause() != null && depth < DatabaseState.DEEPEST; depth++) {
            deepest = deepest.getCause();
        }
        return deepest.getClass().getSimpleName();
    }

    private static @Nullable Throwable cause(MailException failure) {
        return failure instanceof MailSendException sending && sending.getMessageExceptions().length > 0
                ? sending.getMessageExceptions()[0]
                : failure.getCause();
    }

    private String messageId(Delivery delivery) {
        String domain =
                from.substring(from.lastIndexOf('@') + 1).replace(">", "").strip();
        return "<delivery." + delivery.id() + "." + delivery.madeAt().toEpochMilli() + "@" + domain + ">";
    }
}
