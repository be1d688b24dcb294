// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import live.millrace.platform.backup.BackupException;
import live.millrace.platform.shared.StartupException;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Tasks beside the site, by a word after the jar: {@code java -jar millrace.jar backup --to FILE}. They read the same settings as the
 * site, from the same places, and start nothing of it.
 */
final class CommandLine {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private static final String USAGE = """
            Millrace knows these tasks:

              backup --to FILE          writes the whole site into FILE, while it runs
              restore --from FILE       puts a backup into an installation without people
              restore --from FILE --check
                                        proves that a backup can be put back, and changes nothing
              doctor                    looks what is wrong with an installation

            Settings of the site may follow, such as --millrace.data-dir=FOLDER. Without a task the site starts.
            """;

    private final PrintStream out;
    private final PrintStream errors;

    private CommandLine(PrintStream out, PrintStream errors) {
        this.out = out;
        this.errors = errors;
    }

    /**
     * Does a task, and tells a person of it: output of its own, since a log has another form.
     *
     * @return what the process ends with: 0 for done, 1 for a task that failed, 2 for one that is not known
     */
    static int run(String... args) {
        return run(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                args);
    }

    static int run(PrintStream out, PrintStream errors, String... args) {
        return new CommandLine(out, errors).task(args);
    }

    private int task(String... args) {
        Map<String, String> own = new TreeMap<>();
        List<String> settings = new ArrayList<>();
        if (!split(args, own, settings)) {
            errors.print(USAGE);
            return MISUSED;
        }
        if (args[0].equals("doctor")) {
            out.println("Looking. Where no site runs, its database is started for that, and stopped again.");
        }
        try (ConfigurableApplicationContext context = context(settings)) {
            ConfigurableEnvironment environment = context.getEnvironment();
            return switch (args[0]) {
                case "backup" -> new BackupTask(environment, out).backup(own.getOrDefault("to", ""));
                case "restore" ->
                    new BackupTask(environment, out).restore(own.getOrDefault("from", ""), own.containsKey("check"));
                default -> new DoctorTask(environment, out).run();
            };
        } catch (StartupException e) {
            errors.println(e.getMessage() + " " + e.action());
        } catch (BackupException e) {
            errors.println(e.getMessage());
        }
        return FAILED;
    }

    /** Tells a task's own options from settings of the site; false where they do not fit the task. */
    private static boolean split(String[] args, Map<String, String> own, List<String> settings) {
        List<String> takes = switch (args[0]) {
            case "backup" -> List.of("to");
            case "restore" -> List.of("from", "check");
            case "doctor" -> List.of();
            default -> List.of("");
        };
        if (takes.contains("")) {
            return false;
        }
        for (int i = 1; i < args.length; i++) {
            String[] parts = args[i].startsWith("--") ? args[i].substring(2).split("=", 2) : new String[] {""};
            if (!takes.contains(parts[0])) {
                if (parts[0].isEmpty() || !parts[0].contains(".")) {
                    return false;
                }
                settings.add(args[i]);
            } else if (parts[0].equals("check")) {
                own.put("check", "");
            } else if (parts.length == 2) {
                own.put(parts[0], parts[1]);
            } else if (i + 1 < args.length && !args[i + 1].startsWith("--")) {
                own.put(parts[0], args[++i]);
            } else {
                return false;
            }
        }
        return takes.isEmpty() || own.containsKey(takes.getFirst());
    }

    /** Settings and nothing else. */
    private static ConfigurableApplicationContext context(List<String> settings) {
        // The packed program's beans are those of the site.
        SpringProperties.setProperty("spring.aot.enabled", "false");
        // What it prepares is for a site; a task would wait for it.
        System.setProperty("spring.backgroundpreinitializer.ignore", "true");
        SpringApplication application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(Map.of("logging.level.org.flywaydb", "error"));
        return application.run(settings.toArray(String[]::new));
    }

    /** A configuration without beans. */
    static final class Nothing {}
}
