// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import live.millrace.platform.account.SetupLink;
import live.millrace.platform.shared.SiteAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says where the site is, once it is there, and how to make its first admin. */
@Component
class ReadyReport {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyReport.class);

    private final SetupLink setup;
    private final SiteAddress site;

    ReadyReport(SetupLink setup, SiteAddress site) {
        this.setup = setup;
        this.site = site;
    }

    @EventListener
    void on(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext web
                && web.getWebServer() != null
                && web.getWebServer().getPort() > 0) {
            String address = site.origin()
                    .orElse("http://localhost:" + web.getWebServer().getPort());
            LOG.info("Millrace is ready: {}", address);
            setup.path()
                    .ifPresent(path -> LOG.info(
                            "There is no admin yet. This link makes the first one, once: {}{}", address, path));
        }
    }
}
