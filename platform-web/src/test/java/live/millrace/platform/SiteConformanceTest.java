// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.util.UUID;
import live.millrace.media.testing.EngineConformance;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;

/** The engine inside the site: keys and channels from PostgreSQL. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "millrace.hls.always=true")
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SiteConformanceTest extends EngineConformance {
    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Engine engine;

    @Override
    protected int rtmpPort() {
        return engine.rtmpPort();
    }

    @Override
    protected int httpPort() {
        return engine.httpPort();
    }

    @Override
    protected Ticket ticket() {
        String name = "c"
                + UUID.randomUUID()
                        .toString()
                        .replace("-", "")
                        .replaceAll("[01]", "x")
                        .substring(0, 15);
        AccountPrincipal owner = ((Registration.Done)
                        accounts.register(name, name + "@example.org", "three quiet herons", Role.USER))
                .principal();
        long channel = channels.ofAccount(owner.accountId()).id();
        return new Ticket(
                name, keys.create(channel, "conformance").orElseThrow().secret());
    }
}
