// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one cluster, told from those of every other PostgreSQL of this machine: a number in a file may have been given to
 * another process since, which may be a PostgreSQL as well.
 */
record PostgresProcesses(Path cluster) {
    private static final Path PROC = Path.of("/proc");
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
    private static final Duration KILL_LOOK = Duration.ofMillis(20);

    /** The first line is the number of the process that wrote it. */
    Path pidFile() {
        return cluster.resolve("postmaster.pid");
    }

    /** The server that the cluster's own file names, while it lives and serves this cluster. */
    Optional<ProcessHandle> postmaster() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile()).getFirst().strip());
            return ProcessHandle.of(pid).filter(PostgresProcesses::alive).filter(this::ours);
        } catch (NumberFormatException | java.util.NoSuchElementException torn) {
            return Optional.empty();
        }
    }

    /** Not gone, and not a zombie that waits for a parent to look at it, which in a container may never happen. */
    static boolean alive(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String state = Files.readString(PROC.resolve(process.pid() + "/stat"));
            return !state.startsWith(") Z", Math.max(0, state.lastIndexOf(')')));
        } catch (IOException noProc) {
            return process.isAlive();
        }
    }

    /**
     * Whether a process is PostgreSQL on this cluster. The server and all its children work in the folder of their cluster; where
     * the system does not tell that, the server's command line does. Unknown is no: nothing foreign is ever ended.
     */
    boolean ours(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        if (info.command().isEmpty()) {
            // A service that may open ports below 1024 hides program and folder from whoever may not, its own user
            // included; what it was started with is for all to read.
            return serves(commandLine(process.pid()));
        }
        if (info.command().filter(command -> command.contains("/bin/postgres")).isEmpty()) {
            return false;
        }
        Path worksIn = PROC.resolve(process.pid() + "/cwd");
        try {
            return Files.isSameFile(worksIn, cluster);
        } catch (IOException noProc) {
            return info.arguments().map(List::of).filter(this::named).isPresent();
        }
    }

    private static List<String> commandLine(long pid) {
        try {
            return List.of(Files.readString(PROC.resolve(pid + "/cmdline")).split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Whether a command line is that of a server on this cluster. */
    boolean serves(List<String> commandLine) {
        return !commandLine.isEmpty() && commandLine.getFirst().endsWith("/bin/postgres") && named(commandLine);
    }

    private boolean named(List<String> arguments) {
        return IntStream.range(1, arguments.size())
                .anyMatch(i -> arguments.get(i - 1).equals("-D") && same(arguments.get(i)));
    }

    private boolean same(@Nullable String folder) {
        try {
            return folder != null && Files.isSameFile(Path.of(folder), cluster);
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Ends every process of the cluster at once, as a crash would. A server that was killed leaves children that still work, and as
     * long as one of them holds its shared memory no other server starts.
     */
    void kill() throws IOException, InterruptedException {
        List<ProcessHandle> left =
                ProcessHandle.allProcesses().filter(this::ours).toList();
        left.forEach(ProcessHandle::destroyForcibly);
        long end = System.nanoTime() + KILL_LIMIT.toNanos();
        while (left.stream().anyMatch(PostgresProcesses::alive)) {
            if (System.nanoTime() > end) {
                throw new IOException("processes of an earlier PostgreSQL do not end");
            }
            Thread.sleep(KILL_LOOK);
        }
    }
}
