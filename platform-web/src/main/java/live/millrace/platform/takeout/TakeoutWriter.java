// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.takeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.shared.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes what was asked for, whatever process dies meanwhile, and lets it go when its time is over. */
@Component
class TakeoutWriter implements DeliveryHandler {
    private static final Logger LOG = LoggerFactory.getLogger(TakeoutWriter.class);

    private static final Duration JUST_WRITTEN = Duration.ofHours(1);
    private static final Duration CLEAR_EVERY = Duration.ofHours(1);

    private final Takeouts takeouts;
    private final DataSource source;
    private final JdbcClient database;
    private final Clock clock;

    TakeoutWriter(Takeouts takeouts, DataSource source, JdbcClient database, Clock clock) {
        this.takeouts = takeouts;
        this.source = source;
        this.database = database;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Takeouts.KIND;
    }

    @Override
    public boolean inDatabase() {
        return false;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        long account = delivery.body().required("account").asLong();
        Instant asked = Instant.ofEpochMilli(delivery.body().required("asked").asLong());
        if (!wanted(account, asked)) {
            return Outcome.GONE;
        }
        String name = Secrets.make() + ".zip";
        Path target = takeouts.folder().resolve(name);
        try {
            long bytes = write(account, target);
            return finish(account, asked, name, bytes) ? Outcome.DONE : forget(target);
        } catch (IOException | SQLException e) {
            LOG.warn("The export of account {} was not written: {}", account, e.getMessage());
            return new Outcome.Later(e.getClass().getSimpleName());
        } finally {
            takeouts.over(account);
        }
    }

    private long write(long account, Path target) throws IOException, SQLException {
        try (Connection connection = source.getConnection()) {
            return TakeoutFile.write(connection, account, target, percent -> takeouts.tell(account, percent));
        }
    }

    private boolean wanted(long account, Instant asked) {
        return database.sql("""
                select exists (select from takeout where account_id = ? and done_at is null
                               and date_trunc('milliseconds', asked_at) = ?)
                """)
                .param(account)
                .param(Timestamp.from(asked))
                .query(Boolean.class)
                .single();
    }

    private boolean finish(long account, Instant asked, String file, long bytes) {
        return database.sql("""
                update takeout set file = ?, bytes = ?, done_at = ?
                where account_id = ? and done_at is null and date_trunc('milliseconds', asked_at) = ?
                """)
                        .param(file)
                        .param(bytes)
                        .param(Timestamp.from(clock.instant()))
                        .param(account)
                        .param(Timestamp.from(asked))
                        .update()
                > 0;
    }

    /** Whose account went meanwhile wants nothing. */
    private static Outcome forget(Path file) throws IOException {
        Files.deleteIfExists(file);
        return Outcome.GONE;
    }

    /** Those that were broken off among them. */
    private static boolean ours(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".zip") || name.endsWith(".zip" + TakeoutFile.PART);
    }

    /** Files whose time is over, and those that nobody has any more. */
    void clear() {
        database.sql("delete from takeout where done_at < ?")
                .param(Timestamp.from(clock.instant().minus(Takeouts.KEPT)))
                .update();
        Path folder = takeouts.folder();
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            // Looked for before the names are asked for: what is written meanwhile is not among them.
            List<Path> there = files.filter(TakeoutWriter::ours).toList();
            Set<String> kept = new HashSet<>(database.sql("select file from takeout where file is not null")
                    .query(String.class)
                    .list());
            // One that was just written is not in the table yet.
            Instant old = clock.instant().minus(JUST_WRITTEN);
            for (Path file : there) {
                if (!kept.contains(file.getFileName().toString())
                        && Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("Old exports stay for now: {}", e.getMessage());
        }
    }

    /** Its recurring work. */
    @Component
    static class Upkeep {
        @Bean
        static RecurringWork clearTakeouts(TakeoutWriter writer) {
            return RecurringWork.of("takeout", CLEAR_EVERY, writer::clear);
        }
    }
}
