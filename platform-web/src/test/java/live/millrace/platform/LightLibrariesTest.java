// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.MessageFormat;
import java.io.File;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.GT;
import org.slf4j.Logger;

/** What the build takes out of libraries (build/Lighten.java) is missed by nobody: they are asked before and after. */
class LightLibrariesTest {
    @TempDir
    private static Path folder;

    private static Class<?> lighten;

    @BeforeAll
    static void compile() throws Exception {
        Path source = Path.of("build", "Lighten.java");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString()))
                .isZero();
        lighten = Class.forName(
                "Lighten", true, new URLClassLoader(new URL[] {folder.toUri().toURL()}));
    }

    private static Object call(String name, Class<?> type, Object argument) throws Exception {
        Method method = lighten.getDeclaredMethod(name, type);
        method.setAccessible(true);
        return method.invoke(null, argument);
    }

    private static Path jar(Class<?> of) throws Exception {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path light(Class<?> of) throws Exception {
        Path copy = folder.resolve(jar(of).getFileName());
        Files.copy(jar(of), copy);
        assertThat(call("library", Path.class, copy)).isEqualTo(true);
        return copy;
    }

    /** Asks a library by a class of this file that sees it and Java alone. */
    private static String asked(Path library, Class<?> question) throws Exception {
        Path own = jar(LightLibrariesTest.class);
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {library.toUri().toURL(), own.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = Class.forName(question.getName(), true, loader);
            Method method = type.getDeclaredMethod("ask");
            method.setAccessible(true);
            return (String) method.invoke(null);
        }
    }

    /** Of ICU4J: what the site's texts, names and comments need, and sorting, words and time zones of its languages. */
    static final class IcuQuestion {
        private IcuQuestion() {}

        static String ask() {
            List<String> answers = new ArrayList<>();
            for (String tag : List.of("en", "en-GB", "zh", "zh-CN", "zh-TW", "zh-Hant-HK")) {
                com.ibm.icu.util.ULocale locale = com.ibm.icu.util.ULocale.forLanguageTag(tag);
                answers.add(tag);
                answers.add(new com.ibm.icu.text.MessageFormat(
                                "{0, plural, one {# file} other {# files}} {1, number, percent} {2, date, full} {2, time, short} {3, select, a {A} other {B}}"
                                        + " {0, selectordinal, one {#st} other {#th}} {1, number, ::compact-short} {2, date, ::yMMMMd}",
                                locale)
                        .format(new Object[] {21, 0.25, 1_764_280_000_000L, "a"}));
                answers.add(com.ibm.icu.util.TimeZone.getTimeZone("Asia/Shanghai")
                                .getDisplayName(locale)
                        + com.ibm.icu.util.TimeZone.getTimeZone("Europe/Berlin").getDisplayName(true, 1, locale)
                        + com.ibm.icu.util.TimeZone.getTimeZone("America/New_York")
                                .getOffset(1_764_280_000_000L));
                List<String> words = new ArrayList<>(List.of("路", "a", "B", "人", "á", "重庆", "Z", "上海", "10", "9"));
                words.sort(com.ibm.icu.text.Collator.getInstance(locale)::compare);
                answers.add(words.toString());
                com.ibm.icu.text.BreakIterator breaks = com.ibm.icu.text.BreakIterator.getWordInstance(locale);
                breaks.setText("a live stream, don't stop. That is 2.");
                for (int at = breaks.first(); at != com.ibm.icu.text.BreakIterator.DONE; at = breaks.next()) {
                    answers.add(Integer.toString(at));
                }
                answers.add(com.ibm.icu.util.ULocale.getDisplayName("de", locale)
                        + com.ibm.icu.util.ULocale.getDisplayName("zh-Hant", locale)
                        + com.ibm.icu.util.Currency.getInstance("CNY").getSymbol(locale)
                        + com.ibm.icu.text.NumberFormat.getCurrencyInstance(locale)
                                .format(1_234.5));
                answers.add(com.ibm.icu.text.MeasureFormat.getInstance(
                                locale, com.ibm.icu.text.MeasureFormat.FormatWidth.WIDE)
                        .format(new com.ibm.icu.util.Measure(3, com.ibm.icu.util.MeasureUnit.MINUTE)));
                answers.add(new com.ibm.icu.text.RuleBasedNumberFormat(
                                locale, com.ibm.icu.text.RuleBasedNumberFormat.SPELLOUT)
                        .format(42));
            }
            com.ibm.icu.text.SpoofChecker looks = new com.ibm.icu.text.SpoofChecker.Builder().build();
            answers.add(looks.getSkeleton("pаypаl ℝ０ｏ"));
            answers.add(com.ibm.icu.text.Transliterator.getInstance("Traditional-Simplified")
                    .transliterate("漢語臺灣龍門"));
            answers.add(com.ibm.icu.text.Transliterator.getInstance("Han-Latin; Latin-ASCII")
                    .transliterate("重慶直播"));
            answers.add(com.ibm.icu.text.Normalizer2.getNFKCCasefoldInstance().normalize("ＡﬁⅣﷺ"));
            answers.add(com.ibm.icu.lang.UCharacter.getName('ß')
                    + com.ibm.icu.lang.UCharacter.foldCase("ẞİ", true)
                    + com.ibm.icu.lang.UScript.getName(com.ibm.icu.lang.UScript.getScript('ก')));
            return String.join("\n", answers);
        }
    }

    @Test
    void icuKnowsWhatItKnewOfTheSitesLanguages() throws Exception {
        Path light = light(MessageFormat.class);
        assertThat(asked(light, IcuQuestion.class))
                .isEqualTo(asked(jar(MessageFormat.class), IcuQuestion.class))
                .contains("21 files", "汉语", "3分钟");
        assertThat(Files.size(light)).isLessThan(Files.size(jar(MessageFormat.class)) * 6 / 10);
    }

    /** Of Bouncy Castle: the hash of passwords, known from RFC 9106, 5.3. */
    static final class HashQuestion {
        private HashQuestion() {}

        static String ask() {
            Argon2BytesGenerator argon2id = new Argon2BytesGenerator();
            argon2id.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withIterations(3)
                    .withMemoryAsKB(32)
                    .withParallelism(4)
                    .withSalt(filled(16, 2))
                    .withSecret(filled(8, 3))
                    .withAdditional(filled(12, 4))
                    .build());
            byte[] tag = new byte[32];
            argon2id.generateBytes(filled(32, 1), tag);
            return HexFormat.of().formatHex(tag);
        }

        private static byte[] filled(int length, int value) {
            byte[] bytes = new byte[length];
            java.util.Arrays.fill(bytes, (byte) value);
            return bytes;
        }
    }

    @Test
    void bouncyCastleHashesAsBeforeOutOfOneSetOfClasses() throws Exception {
        Path light = light(Argon2BytesGenerator.class);
        assertThat(asked(light, HashQuestion.class))
                .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
        try (ZipFile zip = new ZipFile(light.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .noneMatch(name -> name.startsWith("META-INF/versions/"))
                    .noneMatch(name -> name.endsWith(".SF"))
                    .contains("org/bouncycastle/jce/provider/BouncyCastleProvider.class")
                    .anyMatch(name -> name.equals("META-INF/MANIFEST.MF"));
        }
    }

    /** Of Byte Buddy: a class, as Hibernate has them made. */
    static final class ClassQuestion {
        private ClassQuestion() {}

        static String ask() {
            try {
                return new ByteBuddy()
                        .subclass(Object.class)
                        .method(ElementMatchers.named("toString"))
                        .intercept(FixedValue.value("made"))
                        .make()
                        .load(ClassQuestion.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                        .getLoaded()
                        .getConstructor()
                        .newInstance()
                        .toString();
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("no class was made", e);
            }
        }
    }

    @Test
    void byteBuddyMakesClasses() throws Exception {
        assertThat(asked(light(ByteBuddy.class), ClassQuestion.class)).isEqualTo("made");
    }

    /** Of PostgreSQL's driver: what it says in a language that the site does not have, and in one that it has. */
    static final class DriverQuestion {
        private DriverQuestion() {}

        static String ask() {
            Locale before = Locale.getDefault();
            Locale.setDefault(Locale.GERMANY);
            try {
                return GT.tr("The connection attempt failed.") + " "
                        + ResourceBundle.getBundle(
                                        "org.postgresql.translation.messages",
                                        Locale.CHINA,
                                        DriverQuestion.class.getClassLoader())
                                .getClass()
                                .getSimpleName();
            } finally {
                Locale.setDefault(before);
            }
        }
    }

    @Test
    void theDriverSpeaksEnglishWhereTheSiteDoes() throws Exception {
        assertThat(asked(jar(GT.class), DriverQuestion.class))
                .doesNotContain("The connection attempt failed.")
                .endsWith(" messages_zh_CN");
        assertThat(asked(light(GT.class), DriverQuestion.class))
                .isEqualTo("The connection attempt failed. messages_zh_CN");
    }

    /** By the beginning of a library's name: what of it may name what is gone, because nobody calls that either. */
    private static final Map<String, Pattern> NAMED_IN_VAIN = Map.of(
            // For whoever has an agent.
            "byte-buddy-",
                    Pattern.compile(
                            "net/bytebuddy/dynamic/(?:ClassFileLocator\\$ForInstrumentation|loading/ClassReloadingStrategy).*"),
            "bcpkix-", Pattern.compile("(?!)"),
            "bcutil-", Pattern.compile("(?!)"),
            "commons-codec-", Pattern.compile("(?!)"),
            "commons-compress-", Pattern.compile("org/apache/commons/compress/java/util/jar/Pack200.*"));

    /** Libraries of tests, which are in no jar of the site. */
    private static final Pattern TESTS_ALONE =
            Pattern.compile("(?:mockito|byte-buddy-agent|jazzer|spring-security-oauth2-authorization).*");

    /** A library that begins to use a package which is taken out of another is seen here, and not when somebody asks it. */
    @Test
    void nothingThatIsLeftNamesAPackageThatIsGone() throws Exception {
        Map<Path, Pattern> left = new LinkedHashMap<>();
        Set<String> gone = new TreeSet<>();
        Path lighter = Files.createDirectory(folder.resolve("lighter"));
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(each);
            String name = jar.getFileName().toString();
            if (!name.endsWith(".jar") || TESTS_ALONE.matcher(name).matches()) {
                continue;
            }
            Pattern inVain = NAMED_IN_VAIN.entrySet().stream()
                    .filter(known -> name.startsWith(known.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            if (inVain == null) {
                left.put(jar, Pattern.compile("(?!)"));
                continue;
            }
            Path light = Files.copy(jar, lighter.resolve(name));
            assertThat(call("library", Path.class, light)).isEqualTo(true);
            Set<String> packages = packages(jar);
            packages.removeAll(packages(light));
            assertThat(packages).as(name).isNotEmpty();
            gone.addAll(packages);
            left.put(light, inVain);
        }
        assertThat(left.keySet())
                .map(jar -> jar.getParent().equals(lighter))
                .filteredOn(yes -> yes)
                .hasSize(NAMED_IN_VAIN.size());
        List<String> names = new ArrayList<>();
        for (Map.Entry<Path, Pattern> each : left.entrySet()) {
            try (ZipFile zip = new ZipFile(each.getKey().toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    if (entry.getName().endsWith(".class")
                            && !entry.getName().startsWith("META-INF/")
                            && !each.getValue().matcher(entry.getName()).matches()) {
                        String content = new String(
                                zip.getInputStream(entry).readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
                        gone.stream()
                                .filter(content::contains)
                                .forEach(found -> names.add(entry.getName() + " names " + found));
                    }
                }
            }
        }
        assertThat(names).isEmpty();
    }

    /** The packages of a jar's classes, each as {@code a/b/}. */
    private static Set<String> packages(Path jar) throws Exception {
        Set<String> packages = new TreeSet<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/") && name.contains("/"))
                    .forEach(name -> packages.add(name.substring(0, name.lastIndexOf('/') + 1)));
        }
        return packages;
    }

    @Test
    void everyClassOfALibraryIsStillOne() throws Exception {
        try (ZipFile before = new ZipFile(jar(Logger.class).toFile())) {
            for (ZipEntry each : before.stream().toList()) {
                if (each.getName().endsWith(".class")) {
                    try (InputStream in = before.getInputStream(each)) {
                        byte[] light = (byte[]) call("withoutVariables", byte[].class, in.readAllBytes());
                        java.lang.classfile.ClassModel model =
                                java.lang.classfile.ClassFile.of().parse(light);
                        assertThat(java.lang.classfile.ClassFile.of().verify(model).stream()
                                        .filter(error -> !String.valueOf(error.getMessage())
                                                .contains("resolve"))
                                        .toList())
                                .as(each.getName())
                                .isEmpty();
                        assertThat(call("withoutVariables", byte[].class, light))
                                .isEqualTo(light);
                    }
                }
            }
        }
    }

    @Test
    void aJarForSeveralJavasKeepsTheNewestAndNothingIsSealed() throws Exception {
        Path jar = folder.resolve("several.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String[] each : new String[][] {
                {
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\r\nMulti-Release: true\r\nSealed: true\r\nTitle: x\r\n\r\n"
                },
                {"a.txt", "old"},
                {"META-INF/versions/9/a.txt", "nine"},
                {"META-INF/versions/21/a.txt", "twenty-one"},
                {"META-INF/versions/99/a.txt", "to come"},
                {"META-INF/versions/17/only.txt", "new"},
                {"META-INF/versions/9/META-INF/services/x", "no"},
                {"META-INF/LICENSE", "words"},
                {"META-INF/maven/a/b/pom.xml", "<project/>"},
            }) {
                out.putNextEntry(new ZipEntry(each[0]));
                out.write(each[1].getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        assertThat(call("library", Path.class, jar)).isEqualTo(true);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "a.txt", "only.txt", "META-INF/LICENSE");
            assertThat(text(zip, "a.txt")).isEqualTo("twenty-one");
            assertThat(text(zip, "META-INF/MANIFEST.MF")).contains("Title").doesNotContain("Sealed", "Multi");
        }
        assertThat(call("library", Path.class, jar)).isEqualTo(false);
    }

    private static String text(ZipFile zip, String name) throws Exception {
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
