// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.launch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the configuration before Spring reads it: names and values on the command line, in system properties and in variables,
 * the lines of a simple file that is named, and whether there are other configuration files. Names are compared as Spring compares them, without dashes, dots, underscores and case.
 *
 * @param given settings by their plain name, the command line's first
 * @param files whether a configuration file is there, or may be
 * @param here the working directory
 */
record EarlySettings(List<Setting> given, boolean files, Path here) {
    private static final String DATA = "millracedatadir";
    private static final String FILE = "springconfigadditionallocation";

    /** Where further settings come from. */
    private static final Pattern SOURCES = Pattern.compile("spring(config|profiles|applicationjson|cloud).*");

    /** What decides about a bean: whoever sets one of these has the beans decided anew. Mail is asked for its host when it is sent. */
    private static final Pattern BEANS = Pattern.compile("millracestyleguide"
            + "|spring(?!mail(host|port|username|password|properties)|ssl|datasourcehikari|servletmultipart).*"
            + "|server(?!port|address|ssl|tomcat|compression|shutdown).*"
            + "|management.*|springdoc.*");

    /**
     * One setting.
     *
     * @param name plain
     * @param typed whether it stands on the command line, which comes before every other source
     */
    record Setting(String name, String value, boolean typed) {}

    static EarlySettings of(String... args) {
        Path here = Path.of("").toAbsolutePath();
        return of(args, System.getProperties(), System.getenv(), here);
    }

    static EarlySettings of(String[] args, Properties system, Map<String, String> environment, Path here) {
        List<Setting> given = new ArrayList<>();
        for (String arg : args) {
            if (arg.startsWith("--")) {
                int equals = arg.indexOf('=');
                given.add(new Setting(
                        plain(equals < 0 ? arg : arg.substring(0, equals)),
                        equals < 0 ? "" : arg.substring(equals + 1),
                        true));
            }
        }
        for (String name : system.stringPropertyNames()) {
            given.add(new Setting(plain(name), system.getProperty(name), false));
        }
        environment.forEach((name, value) -> given.add(new Setting(plain(name), value, false)));
        addNamedFile(given, here);
        return new EarlySettings(given, hasFiles(here), here);
    }

    /**
     * The settings of one file that the command line names, in place of its name. Whatever else names a source, and a file that is not
     * understood to its end, remains a source of which nothing is known.
     */
    private static void addNamedFile(List<Setting> given, Path here) {
        List<Setting> sources = given.stream()
                .filter(each -> SOURCES.matcher(each.name()).matches())
                .toList();
        if (sources.size() != 1
                || !sources.getFirst().typed()
                || !sources.getFirst().name().equals(FILE)) {
            return;
        }
        Map<String, String> settings =
                SettingsFile.read(here, sources.getFirst().value());
        if (settings != null) {
            given.remove(sources.getFirst());
            // Spring asks the command line, system properties and variables before a file.
            settings.forEach((name, value) -> given.add(new Setting(plain(name), value, false)));
        }
    }

    private static String plain(String name) {
        return name.replaceAll("[-._]", "").toLowerCase(Locale.ROOT);
    }

    private static boolean hasFiles(Path here) {
        if (Files.exists(here.resolve("config"))) {
            return true;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(here, "application*.{yml,yaml,properties}")) {
            return found.iterator().hasNext();
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Where the program is unpacked: in the data directory.
     *
     * @return null if that cannot be known yet, since files or further sources may name another
     */
    @Nullable
    Path programs() {
        @Nullable Setting set = first(DATA);
        if ((set == null || !set.typed()) && furtherSources()) {
            return null;
        }
        String data = set == null ? "data" : set.value();
        try {
            Path folder = here.resolve(data).normalize().resolve("program");
            // The virtual machine separates jars by colons; Spring puts values into ${…}.
            return folder.toString().contains(":") || data.contains("${") ? null : folder;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Whether no setting can ask for other beans than those of a start without settings. */
    boolean beansAsBuilt() {
        return !furtherSources()
                && given.stream().noneMatch(each -> BEANS.matcher(each.name()).matches());
    }

    private boolean furtherSources() {
        return files
                || given.stream().anyMatch(each -> SOURCES.matcher(each.name()).matches());
    }

    private @Nullable Setting first(String name) {
        return given.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
