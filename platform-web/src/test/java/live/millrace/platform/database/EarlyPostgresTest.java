// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.mock.env.MockEnvironment;

class EarlyPostgresTest {
    @TempDir
    Path data;

    private EarlyPostgres begun(String url) {
        GenericApplicationContext context = new GenericApplicationContext();
        context.setEnvironment(new MockEnvironment()
                .withProperty("millrace.data-dir", data.toString())
                .withProperty("spring.datasource.url", url));
        EarlyPostgres early = new EarlyPostgres();
        early.initialize(context);
        assertThat(context.getBeanFactory().containsSingleton("earlyPostgres")).isEqualTo(url.equals("embedded"));
        return early;
    }

    @Test
    void nothingIsStartedWhereAnotherDatabaseIsSet() {
        assertThatThrownBy(begun("jdbc:postgresql://db/millrace")::take).isInstanceOf(IllegalStateException.class);
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void whoTakesTheServerHasIt() throws InterruptedException {
        EarlyPostgres early = begun("embedded");
        Path running = data.resolve("postgres/cluster/postmaster.pid");
        try (EmbeddedPostgres server = early.take()) {
            assertThat(server.jdbcUrl()).contains("millrace");
            early.breakOff();
            assertThat(running).exists();
            assertThatThrownBy(early::take).isInstanceOf(IllegalStateException.class);
            // What goes wrong is told to who waits for it.
            assertThatThrownBy(begun("embedded")::take).isInstanceOf(StartupException.class);
        }
        begun("embedded").breakOff();
        assertThat(running).doesNotExist();
        assertThat(data.resolve("postgres/cluster/server.log")).content().contains("shut down");
    }
}
