// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.admin.Checkup;
import live.millrace.platform.doctor.Finding;
import live.millrace.platform.shared.ByteSizes;
import live.millrace.platform.shared.DataDirectory;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** Health and metrics: what an operator looks at before asking why. For admins. */
@Controller
class HealthController {
    private static final int TABLES = 12;

    /** @param share of what there is, in hundredths; 0 where there is no limit */
    public record Fact(String key, String value, int share) {}

    /**
     * One line of the doctor's.
     *
     * @param state {@code good}, {@code warn} or {@code bad}
     */
    public record Check(String state, String title, String text) {
        public boolean isWell() {
            return state.equals("good");
        }
    }

    public record Folder(String name, long bytes) {}

    public record Table(String name, long rows, long bytes) {}

    public record Measure(String name, String unit, String value) {}

    private static final String LOOK_AGAIN_SECONDS = "2";

    private final MeterRegistry meters;
    private final DataDirectory data;
    private final JdbcClient database;
    private final Checkup checkup;
    private final MessageSource texts;

    HealthController(
            MeterRegistry meters, DataDirectory data, JdbcClient database, Checkup checkup, MessageSource texts) {
        this.checkup = checkup;
        this.texts = texts;
        this.meters = meters;
        this.data = data;
        this.database = database;
    }

    @GetMapping("/admin/health")
    String health(Locale language, HttpServletResponse response, Model model) throws IOException {
        if (checkup.last().isEmpty()) {
            checkup.begin();
        }
        boolean running = checkup.running();
        if (running) {
            response.setHeader("Refresh", LOOK_AGAIN_SECONDS);
        }
        model.addAttribute("checking", running);
        checkup.last().ifPresent(look -> {
            model.addAttribute("checkedAt", look.at());
            model.addAttribute(
                    "checks",
                    look.findings().stream().map(each -> check(each, language)).toList());
        });
        model.addAttribute(
                "up", Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()));
        model.addAttribute("facts", facts());
        model.addAttribute("folders", folders());
        model.addAttribute("tables", tables());
        model.addAttribute("measures", measures());
        return "admin/health";
    }

    @PostMapping("/admin/health/check")
    String check() {
        checkup.begin();
        return "redirect:/admin/health";
    }

    private Check check(Finding finding, Locale language) {
        String state = switch (finding.state()) {
            case GOOD -> "good";
            case NOTE -> "warn";
            case BAD -> "bad";
        };
        return new Check(state, finding.title(texts, language), finding.text(texts, language));
    }

    private List<Fact> facts() throws IOException {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        long most = runtime.maxMemory();
        FileStore disk = Files.getFileStore(data.resolve("."));
        long free = disk.getUsableSpace();
        long size = Math.max(1, disk.getTotalSpace());
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("memory", ByteSizes.text(used) + " / " + ByteSizes.text(most), (int) (100.0 * used / most)));
        facts.add(new Fact(
                "disk", ByteSizes.text(free) + " / " + ByteSizes.text(size), (int) (100 - 100.0 * free / size)));
        facts.add(new Fact(
                "database",
                ByteSizes.text(database.sql("select pg_database_size(current_database())")
                        .query(Long.class)
                        .single()),
                0));
        facts.add(new Fact("java", Runtime.version().toString(), 0));
        return facts;
    }

    private List<Folder> folders() throws IOException {
        List<Folder> folders = new ArrayList<>();
        try (var children = Files.list(data.resolve("."))) {
            for (Path child : children.filter(Files::isDirectory).toList()) {
                folders.add(new Folder(child.getFileName().toString(), size(child)));
            }
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
        folders.sort(Comparator.comparingLong(Folder::bytes).reversed());
        return folders;
    }

    private static long size(Path folder) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                // Segments come and go while they are counted.
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path directory, @org.jspecify.annotations.Nullable IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    private List<Table> tables() {
        return database.sql("""
                select c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = current_schema() and c.relkind = 'r' order by 3 desc, 1 limit ?
                """)
                .param(TABLES)
                .query((row, _) -> new Table(row.getString(1), row.getLong(2), row.getLong(3)))
                .list();
    }

    /** The site's own counters and gauges, added up over their labels. */
    private List<Measure> measures() {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("millrace."))
                .collect(java.util.stream.Collectors.groupingBy(
                        meter -> meter.getId().getName(), java.util.TreeMap::new, java.util.stream.Collectors.toList()))
                .entrySet()
                .stream()
                .map(entry -> new Measure(
                        entry.getKey(),
                        entry.getValue().getFirst().getId().getBaseUnit() == null
                                ? ""
                                : entry.getValue().getFirst().getId().getBaseUnit(),
                        number(entry.getValue().stream()
                                .mapToDouble(HealthController::first)
                                .sum())))
                .toList();
    }

    private static double first(Meter meter) {
        double value = meter.measure().iterator().next().getValue();
        return Double.isFinite(value) ? value : 0;
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(java.util.Locale.ROOT, "%.1f", value);
    }
}
