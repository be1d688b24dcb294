// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The site's texts as their bundles hold them, for tests. */
public final class SiteTexts {
    static final Path BUNDLES = Path.of("src/main/resources/messages");
    private static final String ENDING = ".properties";
    private static final String CHINESE = "_zh_CN";

    private SiteTexts() {}

    /** Bundles by the name of their feature. */
    public static Map<String, Properties> english() throws IOException {
        return bundles("");
    }

    public static Map<String, Properties> chinese() throws IOException {
        return bundles(CHINESE);
    }

    /** All texts of all bundles. */
    public static Properties all(Map<String, Properties> bundles) {
        Properties all = new Properties();
        bundles.values().forEach(all::putAll);
        return all;
    }

    private static Map<String, Properties> bundles(String language) throws IOException {
        Map<String, Properties> bundles = new TreeMap<>();
        try (Stream<Path> files = Files.list(BUNDLES)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(ENDING, "");
                if (name.endsWith(CHINESE) == language.equals(CHINESE)) {
                    bundles.put(name.replace(CHINESE, ""), read(file));
                }
            }
        }
        return bundles;
    }

    private static Properties read(Path file) throws IOException {
        Properties texts = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            texts.load(in);
        }
        return texts;
    }
}
