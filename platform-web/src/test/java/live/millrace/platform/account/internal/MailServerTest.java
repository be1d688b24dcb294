// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import static org.assertj.core.api.Assertions.assertThat;

import live.millrace.platform.shared.SiteAddress;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class MailServerTest {
    private static MailServer server(String host) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("sender", new JavaMailSenderImpl());
        return new MailServer(
                beans.getBeanProvider(JavaMailSender.class),
                new SiteAddress("https://live.example.org"),
                () -> "Millrace",
                "no-reply@example.org",
                host,
                "");
    }

    /** A packed program has a sender whether or not a server is set. */
    @Test
    void aSenderWithoutAServerSendsNothing() {
        assertThat(server("").available()).isFalse();
        assertThat(server("smtp.example.org").available()).isTrue();
    }
}
