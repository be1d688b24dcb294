// SPDX-License-Identifier: Apache-2.0

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes out of the libraries what nobody here reads: data of languages that the site does not have, tables of algorithms that nothing calls,
 * classes for other Javas, names of local variables, signatures of whoever packed a jar. What is left does the same.
 */
final class Lighten {
    private static final FileTime TIME = FileTime.fromMillis(1_577_836_800_000L);

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    /** By the beginning of a library's name. Of ICU4J's data stays what is of no language, English and Chinese (Hong Kong counts in Cantonese). */
    private static final Map<String, Pattern> LEFT_OUT = Map.ofEntries(
            leftOut(
                    "icu4j-",
                    "com/ibm/icu/impl/data/icudata/(?:(?:coll|curr|lang|region|unit|zone|rbnf)/)?"
                            + "(?!(?:en|zh|yue)[_.])[a-z]{2,3}(?:_\\w*)?\\.res"
                            // Words of languages that are written without spaces: nobody looks for any.
                            + "|com/ibm/icu/impl/data/icudata/brkitr/\\w+\\.dict"),
            leftOut("bcprov-", "org/bouncycastle/pqc/legacy/picnic/lowmc.*\\.properties"),
            // Certificates of vehicles, passports and the grid, and ways to get one that are not ACME.
            leftOut("bcpkix-", "org/bouncycastle/(?:its|est|cmc|dvcs|eac|mime|voms|mozilla|cert/(?:dane|cmp))/.*"),
            // The JDK's own TLS is taken where no datagrams are spoken.
            leftOut("bctls-", "(?:META-INF/services/java\\.security\\.Provider|org/bouncycastle/jsse/.*)"),
            leftOut("bcutil-", "org/bouncycastle/oer/.*"),
            // What weaves classes that are loaded: Spring asks AspectJ for no more than its words.
            leftOut("aspectjweaver-", "org/aspectj/(?:weaver/(?:bcel|loadtime|ltw)|apache)/.*"),
            // The same of Byte Buddy: Hibernate asks it for classes, and has none changed while they are loaded.
            leftOut("byte-buddy-", "net/bytebuddy/agent/builder/.*"),
            // How names sound in languages of Europe.
            leftOut("commons-codec-", "org/apache/commons/codec/language/.*"),
            // Jars as they were packed before Java 14.
            leftOut("commons-compress-", "org/apache/commons/compress/harmony/.*"),
            // What the driver says in other languages than the site.
            leftOut("postgresql-", "org/postgresql/translation/messages_(?!zh_)[\\w$]+\\.class"),
            // For security in XML, of which there is none; what other schemas are for, Spring reads at a start.
            leftOut("spring-security-config-", "org/springframework/security/config/.*\\.(?:xsd|rnc)"),
            // For web.xml, of which there is none either.
            leftOut("tomcat-embed-core-", "jakarta/servlet/resources/.*"));

    private static final String NATIVES = "netty-transport-native-";

    /** Of every library: how to build it, how editors complete its settings, how to make a native image of it, and who signed it. Licences stay. */
    private static final Pattern LEFT_OUT_EVERYWHERE =
            Pattern.compile("META-INF/(?:maven/.*/pom\\.xml|native-image/.*|proguard/.*"
                    + "|(?:additional-)?spring-configuration-metadata\\.json|[^/]+\\.(?:SF|RSA|DSA|EC))");

    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(?:RSA|DSA|EC)");
    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(?<java>\\d+)/(?<name>.+)");

    private static final Set<String> VARIABLES = Set.of("LocalVariableTable", "LocalVariableTypeTable");

    /** PostgreSQL's ICU: of its data stays what a cluster is made with; no table of the site is sorted by it. */
    private static final Pattern POSTGRES_ICU = Pattern.compile("(?:\\./)?lib/libicudata\\.so\\.[0-9.]+");

    private static final Pattern POSTGRES_ICU_KEPT = Pattern.compile("[^/]+/(?:coll/(?:root\\.res|ucadata\\.icu|.*\\.icu)"
            + "|(?:root|pool|keyTypeData|likelySubtags|icuver|icustd|metadata|supplementalData|timezoneTypes|numberingSystems)\\.res"
            + "|[^/]+\\.nrm|(?:pnames|cnvalias|ucase|uprops|ubidi)\\.icu)");

    /**
     * For whoever compiles against PostgreSQL, languages that want a library of the machine's, and alphabets of Japan, Korea and Taiwan for
     * clients that do not speak UTF-8.
     */
    private static final Pattern POSTGRES_LEFT_OUT = Pattern.compile("(?:\\./)?lib/(?:[^/]+\\.a|lib(?:ecpg|pgtypes).*|pkgconfig/.*"
            + "|postgresql/(?:pgxs/.+|[a-z_]*pl(?:perl|python3|tcl)\\.so"
            + "|(?:utf8_and_(?:euc2004|euc_tw|uhc|johab|euc_jp|sjis|sjis2004|euc_kr)|euc2004_sjis2004|euc_(?:jp|kr|tw)_and_\\w+)\\.so))");

    private static final int BLOCK = 512;

    private Lighten() {}

    private static Map.Entry<String, Pattern> leftOut(String library, String entries) {
        return Map.entry(library, Pattern.compile(entries));
    }

    /** The processor that this runs on, as Netty writes it. */
    private static String here() {
        return System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    }

    /** PostgreSQL is that of one processor, so sockets are as well. */
    private static Pattern otherNatives(String processor) {
        return Pattern.compile("META-INF/native/.*(?<!_" + processor + ")\\.(?:so|jnilib)");
    }

    /**
     * Lightens every jar of a folder, for the processor that this runs on.
     *
     * @return those that were changed
     */
    static List<Path> libraries(Path folder) throws IOException {
        return libraries(folder, here());
    }

    /**
     * The same for another processor.
     *
     * @param processor as Netty writes it: {@code x86_64} or {@code aarch_64}
     */
    static List<Path> libraries(Path folder, String processor) throws IOException {
        List<Path> changed = new ArrayList<>();
        List<Path> all;
        try (var files = Files.list(folder)) {
            all = files.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path each : all) {
            if (library(each, processor)) {
                changed.add(each);
            }
        }
        return changed;
    }

    /**
     * Lightens one jar.
     *
     * <p>No library is sealed any more: an ahead-of-time cache knows jars by the place that they had when it was made. Where nothing is
     * there, the virtual machine (JDK 25) has no address for what it loads out of the cache, takes the packages of a sealed jar for ones
     * that somebody added to, and ends.
     *
     * @return whether there was anything to take out
     */
    static boolean library(Path jar) throws IOException {
        return library(jar, here());
    }

    private static boolean library(Path jar, String processor) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        boolean changed = false;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry each : zip.stream().toList()) {
                try (InputStream in = zip.getInputStream(each)) {
                    entries.putIfAbsent(each.getName(), in.readAllBytes());
                }
            }
        }
        Manifest manifest = new Manifest();
        if (entries.containsKey(MANIFEST)) {
            manifest.read(new java.io.ByteArrayInputStream(entries.get(MANIFEST)));
        }
        if (isUnsealed(manifest)) {
            changed = true;
        }
        if (entries.keySet().stream().anyMatch(SIGNATURE.asMatchPredicate())) {
            manifest.getEntries().clear();
        }
        if ("true".equalsIgnoreCase(String.valueOf(manifest.getMainAttributes().remove(Attributes.Name.MULTI_RELEASE)))) {
            takeNewest(entries);
            changed = true;
        }
        String name = jar.getFileName().toString();
        Pattern leftOut = name.startsWith(NATIVES)
                ? otherNatives(processor)
                : LEFT_OUT.entrySet().stream()
                        .filter(each -> name.startsWith(each.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(LEFT_OUT_EVERYWHERE);
        changed |= entries.keySet()
                .removeIf(entry -> leftOut.matcher(entry).matches() || LEFT_OUT_EVERYWHERE.matcher(entry).matches());
        for (Map.Entry<String, byte[]> each : entries.entrySet()) {
            if (each.getKey().endsWith(".class")) {
                byte[] light = withoutVariables(each.getValue());
                changed |= light.length != each.getValue().length;
                each.setValue(light);
            }
        }
        if (changed) {
            if (entries.remove(MANIFEST) != null) {
                ByteArrayOutputStream written = new ByteArrayOutputStream();
                manifest.write(written);
                write(jar, written.toByteArray(), entries);
            } else {
                write(jar, null, entries);
            }
        }
        return changed;
    }

    private static boolean isUnsealed(Manifest manifest) {
        boolean sealed = manifest.getMainAttributes().remove(Attributes.Name.SEALED) != null;
        for (Attributes each : manifest.getEntries().values()) {
            sealed |= each.remove(Attributes.Name.SEALED) != null;
        }
        return sealed;
    }

    /** Of a jar for several Javas: each class once, as the Java that builds would take it. */
    private static void takeNewest(Map<String, byte[]> entries) {
        Map<String, Integer> newest = new HashMap<>();
        Map<String, byte[]> taken = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> each : entries.entrySet()) {
            Matcher versioned = VERSIONED.matcher(each.getKey());
            if (!versioned.matches()) {
                continue;
            }
            int java = Integer.parseInt(versioned.group("java"));
            String name = versioned.group("name");
            if (java <= Runtime.version().feature()
                    && !name.startsWith("META-INF/")
                    && !name.endsWith("module-info.class")
                    && java > newest.getOrDefault(name, 0)) {
                newest.put(name, java);
                taken.put(name, each.getValue());
            }
        }
        entries.keySet().removeIf(name -> name.startsWith("META-INF/versions/"));
        entries.putAll(taken);
    }

    private static void write(Path jar, byte[] manifest, Map<String, byte[]> entries) throws IOException {
        Path light = jar.resolveSibling(jar.getFileName() + ".light");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(light))) {
            if (manifest != null) {
                write(out, MANIFEST, manifest);
            }
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                write(out, each.getKey(), each.getValue());
            }
        }
        Files.move(light, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(ZipOutputStream out, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(TIME);
        out.putNextEntry(entry);
        out.write(content);
    }

    /**
     * A class without the tables of its local variables (JVMS 4.7.13 and 4.7.14), which debuggers read and nobody else; line numbers and
     * names of parameters stay. Nothing else of it is touched.
     */
    static byte[] withoutVariables(byte[] content) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length);
        DataOutputStream out = new DataOutputStream(bytes);
        in.position(8);
        String[] texts = texts(in);
        in.position(in.position() + 6);
        in.position(in.position() + 2 + 2 * Short.toUnsignedInt(in.getShort(in.position())));
        for (int fields = Short.toUnsignedInt(in.getShort()); fields > 0; fields--) {
            in.position(in.position() + 6);
            for (int attributes = Short.toUnsignedInt(in.getShort()); attributes > 0; attributes--) {
                in.position(in.position() + 2);
                in.position(in.getInt() + in.position());
            }
        }
        int methods = Short.toUnsignedInt(in.getShort());
        out.write(content, 0, in.position());
        for (; methods > 0; methods--) {
            int start = in.position();
            in.position(start + 6);
            int attributes = Short.toUnsignedInt(in.getShort());
            out.write(content, start, 8);
            for (; attributes > 0; attributes--) {
                copyAttribute(in, texts, out);
            }
        }
        out.write(content, in.position(), in.remaining());
        return bytes.toByteArray();
    }

    private static void copyAttribute(ByteBuffer in, String[] texts, DataOutputStream out) throws IOException {
        int start = in.position();
        String name = texts[Short.toUnsignedInt(in.getShort())];
        int length = in.getInt();
        int end = in.position() + length;
        if (!"Code".equals(name)) {
            out.write(in.array(), start, end - start);
            in.position(end);
            return;
        }
        int code = in.getInt(in.position() + 4);
        int handlers = in.position() + 8 + code;
        in.position(handlers + 2 + 8 * Short.toUnsignedInt(in.getShort(handlers)));
        int head = in.position();
        int attributes = Short.toUnsignedInt(in.getShort());
        int kept = 0;
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (; attributes > 0; attributes--) {
            int from = in.position();
            String each = texts[Short.toUnsignedInt(in.getShort())];
            int size = in.getInt();
            in.position(in.position() + size);
            if (!VARIABLES.contains(each)) {
                rest.write(in.array(), from, in.position() - from);
                kept++;
            }
        }
        out.write(in.array(), start, 2);
        out.writeInt(head - start - 6 + 2 + rest.size());
        out.write(in.array(), start + 6, head - start - 6);
        out.writeShort(kept);
        rest.writeTo(out);
    }

    /** The texts of a constant pool (JVMS 4.4), which is passed. */
    private static String[] texts(ByteBuffer in) throws IOException {
        int count = Short.toUnsignedInt(in.getShort());
        String[] texts = new String[count];
        for (int i = 1; i < count; i++) {
            int tag = in.get();
            switch (tag) {
                case 1 -> {
                    int length = Short.toUnsignedInt(in.getShort());
                    texts[i] = new String(in.array(), in.position(), length, StandardCharsets.ISO_8859_1);
                    in.position(in.position() + length);
                }
                case 5, 6 -> {
                    in.position(in.position() + 8);
                    i++;
                }
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.position(in.position() + 4);
                case 15 -> in.position(in.position() + 3);
                case 7, 8, 16, 19, 20 -> in.position(in.position() + 2);
                default -> throw new IOException("a constant of kind " + tag);
            }
        }
        return texts;
    }

    /** PostgreSQL's programs, as a plain archive: without what one compiles with, and with zeros for data that nobody asks for. */
    static byte[] postgres(byte[] tar) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(tar.length);
        int at = 0;
        while (at + BLOCK <= tar.length && tar[at] != 0) {
            String name = new String(tar, at, 100, StandardCharsets.UTF_8).replaceFirst("\0.*", "");
            int size = Integer.parseInt(new String(tar, at + 124, 11, StandardCharsets.US_ASCII).strip(), 8);
            int end = at + BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
            if (POSTGRES_ICU.matcher(name).matches() && size > 0) {
                keepRoot(ByteBuffer.wrap(tar, at + BLOCK, size).slice());
            }
            if (!POSTGRES_LEFT_OUT.matcher(name).matches()) {
                out.write(tar, at, end - at);
            }
            at = end;
        }
        out.write(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    /** ICU's data lie in a library as a table of names and places, sorted by both; whoever finds zeros in a place goes on as without it. */
    private static void keepRoot(ByteBuffer library) throws IOException {
        library.order(ByteOrder.LITTLE_ENDIAN);
        int format = indexOf(library.array(), library.arrayOffset(), library.limit(), "CmnD".getBytes(StandardCharsets.US_ASCII));
        // The header (udata.h): its size, two magic bytes, and a UDataInfo of 20 bytes whose format is at 8.
        int start = format - 12;
        if (format < 0 || (library.get(start + 2) & 0xff) != 0xda || library.get(start + 3) != 0x27) {
            throw new IOException("PostgreSQL's ICU has its data elsewhere");
        }
        int table = start + Short.toUnsignedInt(library.getShort(start));
        int count = library.getInt(table);
        for (int i = 0; i + 1 < count; i++) {
            int place = table + 4 + 8 * i;
            int from = table + library.getInt(place + 4);
            int to = table + library.getInt(place + 12);
            if (!POSTGRES_ICU_KEPT.matcher(text(library, table + library.getInt(place))).matches()) {
                Arrays.fill(library.array(), library.arrayOffset() + from, library.arrayOffset() + to, (byte) 0);
            }
        }
    }

    private static String text(ByteBuffer in, int at) {
        int end = at;
        while (in.get(end) != 0) {
            end++;
        }
        return new String(in.array(), in.arrayOffset() + at, end - at, StandardCharsets.US_ASCII);
    }

    private static int indexOf(byte[] content, int offset, int length, byte[] wanted) {
        for (int i = 0; i + wanted.length <= length; i++) {
            if (Arrays.equals(content, offset + i, offset + i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
