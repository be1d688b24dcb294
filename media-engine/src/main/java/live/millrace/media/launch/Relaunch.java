// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives a plain {@code java -jar} the options of the virtual machine that suit its machine. Most of them can only be chosen before a
 * process starts, so it replaces itself: {@code execv} with the same arguments and some options more. It stays the same process, for its
 * parent, its container and whoever sends it signals; a child would be another.
 *
 * <p>Only where nothing can be lost by it: on Linux, once, as the first thing of {@code main}, for a jar that was started without options
 * of its own for the virtual machine. Whoever gives one has chosen. {@code -Dmillrace.relaunch=off} leaves everything as it is.
 */
public final class Relaunch {
    static final String PROPERTY = "millrace.relaunch";

    /** Why a process that was replaced runs from the same jar as before, if another was meant. */
    private static final String NOTE = PROPERTY + ".note";

    /** What a process that was replaced is started with, so that it happens once. */
    static final String DONE = "-D" + PROPERTY + "=done";

    /** As class loaders write it: {@code file:/a.jar}, or Spring Boot's {@code jar:nested:/a.jar/!BOOT-INF/classes/!/}. */
    private static final Pattern JAR = Pattern.compile("(?:jar:)?(?:file|nested):(?://)?(/[^!]*?\\.jar)(?:/?!.*)?");

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path EXECUTABLE = Path.of("/proc/self/exe");

    /** Where the virtual machine and its launcher take options from as well. */
    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private Relaunch() {}

    /**
     * Replaces this process, if that is wise; then it does not come back. Nothing may have been started yet.
     *
     * @param main the class whose jar has to be the one that was started
     * @param options names the options for a machine
     * @return why it could not be done, for the log; empty when there was nothing to do
     */
    public static Optional<String> unlessChosen(Class<?> main, Function<Machine, List<String>> options) {
        return unlessChosen(main, options, null, List.of());
    }

    /**
     * The same, and runs what {@link PackedProgram} unpacks of the jar, or what lies ready beside it.
     *
     * @param programs where to, or null for nowhere
     * @param programOptions options that hold for what is unpacked or ready alone
     */
    public static Optional<String> unlessChosen(
            Class<?> main,
            Function<Machine, List<String>> options,
            @Nullable Path programs,
            List<String> programOptions) {
        if (!"Linux".equals(System.getProperty("os.name")) || System.getProperty(PROPERTY) != null) {
            return Optional.ofNullable(System.getProperty(NOTE));
        }
        try {
            List<String> before = arguments(Files.readAllBytes(COMMAND_LINE));
            if (!isPlainStart(before, System.getenv()) || !isStarted(main)) {
                return Optional.empty();
            }
            Path java = Files.readSymbolicLink(EXECUTABLE);
            NativeProcess process = new NativeProcess();
            ownFiles(java).forEach(process::closeOnReplacement);
            if (!Files.isExecutable(java)) {
                return Optional.of(java + " is no longer there");
            }
            List<String> after = unpacked(replaced(before, options.apply(machine())), programs, programOptions);
            return Optional.of("execv answers " + process.replace(java.toString(), after));
        } catch (IOException e) {
            return Optional.of("its command line cannot be read: " + e.getMessage());
        } catch (UnsupportedOperationException | IllegalCallerException e) {
            return Optional.of("native functions cannot be called: " + e.getMessage());
        }
    }

    /** A command line that runs what the jar brings or has beside it, or the same with a note why not. */
    private static List<String> unpacked(List<String> arguments, @Nullable Path programs, List<String> programOptions) {
        Path jar = Path.of(System.getProperty("java.class.path"));
        try {
            PackedProgram.@Nullable Unpacked program = PackedProgram.ready(jar);
            if (program == null && programs != null) {
                program = PackedProgram.unpack(jar, programs);
            }
            return program == null ? arguments : running(arguments, program, programOptions);
        } catch (IOException | UncheckedIOException e) {
            List<String> noted = new ArrayList<>(arguments);
            noted.add(1, "-D" + NOTE + "=" + bytes("starts slower from the jar itself: " + e));
            return noted;
        }
    }

    static List<String> running(List<String> arguments, PackedProgram.Unpacked program, List<String> programOptions) {
        List<String> running = new ArrayList<>(arguments);
        running.set(arguments.indexOf("-jar") + 1, bytes(program.jar().toString()));
        running.addAll(1, program.options().stream().map(Relaunch::bytes).toList());
        running.addAll(1, programOptions);
        return running;
    }

    /** Bytes as characters, as the command line has them. */
    private static String bytes(String text) {
        return new String(
                text.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.UTF_8)),
                StandardCharsets.ISO_8859_1);
    }

    private static Machine machine() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(Runtime.getRuntime().availableProcessors(), system.getTotalMemorySize());
    }

    /** The arguments of a command line as Linux tells it, each with a zero byte behind it; byte for byte, whatever they are encoded in. */
    static List<String> arguments(byte[] commandLine) {
        List<String> arguments = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                arguments.add(new String(commandLine, start, i - start, StandardCharsets.ISO_8859_1));
                start = i + 1;
            }
        }
        return arguments;
    }

    /** Whether a jar was started without any choice of the virtual machine's options. */
    static boolean isPlainStart(List<String> arguments, Map<String, String> environment) {
        int jar = arguments.indexOf("-jar");
        return jar >= 0
                && jar + 1 < arguments.size()
                && arguments.subList(1, jar).stream().noneMatch(Relaunch::chooses)
                && VARIABLES.stream()
                        .map(name -> environment.getOrDefault(name, ""))
                        .flatMap(value -> List.of(value.strip().split("\\s+", -1)).stream())
                        .noneMatch(Relaunch::chooses);
    }

    private static boolean chooses(String option) {
        return option.startsWith("-X")
                || option.startsWith("-agent")
                || option.startsWith("-javaagent")
                || option.startsWith("@");
    }

    /** Whether the jar that was started, whatever its name is and links lead to it, is the one that holds a class. */
    private static boolean isStarted(Class<?> main) throws IOException {
        @Nullable CodeSource source = main.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        Optional<Path> jar = location == null ? Optional.empty() : jar(location.toString());
        Path started = Path.of(System.getProperty("java.class.path"));
        return jar.isPresent() && Files.exists(started) && Files.isSameFile(started, jar.get());
    }

    /** The file behind the address of a jar, or of what is inside one. */
    static Optional<Path> jar(String location) {
        Matcher file = JAR.matcher(location);
        if (!file.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(URI.create("file://" + file.group(1))));
        } catch (IllegalArgumentException notEncoded) {
            return Optional.of(Path.of(file.group(1)));
        }
    }

    static List<String> replaced(List<String> arguments, List<String> options) {
        List<String> replaced = new ArrayList<>(arguments.size() + options.size() + 1);
        replaced.add(arguments.getFirst());
        replaced.addAll(options);
        replaced.add(DONE);
        replaced.addAll(arguments.subList(1, arguments.size()));
        return replaced;
    }

    /** Descriptors of what this virtual machine opened for itself: the next one opens it anew. */
    private static List<Integer> ownFiles(Path java) throws IOException {
        Path classes = java.resolveSibling("../lib/modules").normalize();
        Path jar = Path.of(System.getProperty("java.class.path")).toRealPath();
        List<Integer> own = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path each : descriptors) {
                Path target = Files.isSymbolicLink(each) ? Files.readSymbolicLink(each) : each;
                if (target.equals(classes) || target.equals(jar)) {
                    own.add(Integer.parseInt(each.getFileName().toString()));
                }
            }
        }
        return own;
    }
}
