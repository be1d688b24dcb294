// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.shared.DatabaseState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** A site whose PostgreSQL can be killed under it, and a browser in front of it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "millrace.rtmp.answer-timeout=8s")
@ContextConfiguration(initializers = MortalDatabase.class)
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
public abstract class MortalSite {
    @LocalServerPort
    protected int port;

    @Autowired
    protected TestPeople people;

    @Autowired
    protected Engine engine;

    @Autowired
    protected JdbcClient database;

    @Autowired
    protected DatabaseState state;

    protected TestBrowser browser;

    @BeforeEach
    void open() {
        browser = new TestBrowser(port);
    }

    /** Whatever a test left. */
    @AfterEach
    void back() throws Exception {
        try {
            database.sql("select 1").query(Integer.class).single();
        } catch (DataAccessException away) {
            MortalDatabase.revive();
        }
        awaitDatabase();
        browser.close();
    }

    protected void awaitDatabase() throws Exception {
        Wait.until("the database is back", () -> !state.away());
    }
}
