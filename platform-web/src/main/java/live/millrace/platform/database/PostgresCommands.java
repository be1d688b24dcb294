// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.shared.StartupException;

/** Runs PostgreSQL's own programs, each for so long and no longer; what they say is the error's message. */
record PostgresCommands(UserPrefix prefix, Path programs) {

    void initdb(Path cluster, List<String> options, Duration limit) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix.command());
        command.add(programs.resolve("bin/initdb").toString());
        command.add("--pgdata=" + cluster);
        command.addAll(options);
        run(command, limit, Optional.empty());
    }

    void pgCtl(Path cluster, Duration limit, String action, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix.command());
        command.add(programs.resolve("bin/pg_ctl").toString());
        command.add(action);
        command.add("--pgdata=" + cluster);
        command.addAll(List.of(arguments));
        run(command, limit, Optional.of(log(cluster)));
    }

    static Path log(Path cluster) {
        return cluster.resolve("server.log");
    }

    static void run(List<String> command, Duration limit, Optional<Path> log) throws InterruptedException {
        try {
            Path output = Files.createTempFile("millrace-postgres", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean finished;
                try {
                    finished = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
                } finally {
                    process.destroyForcibly();
                }
                if (!finished || process.exitValue() != 0) {
                    String said = Files.readString(output).strip();
                    throw new StartupException(
                            "PostgreSQL did not do what it should: "
                                    + (finished ? said : "it took longer than " + limit),
                            log.map(file -> "Its own log is " + file + ".")
                                    .orElse("Look at the message above; the folder may be full or not writable."));
                }
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new StartupException("Cannot run " + command.getFirst() + ": " + e.getMessage(), "Install it.", e);
        }
    }
}
