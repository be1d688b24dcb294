// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.doctor.Doctor;
import live.millrace.platform.doctor.Finding;
import live.millrace.platform.shared.SiteMessages;
import org.springframework.core.env.Environment;

/** Tells an operator what is wrong, at the command line. */
final class DoctorTask {
    private final Environment settings;
    private final PrintStream out;

    DoctorTask(Environment settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Ends with 1 where something has to be mended. */
    int run() {
        SiteMessages texts = new SiteMessages();
        texts.setBasenames("messages/doctor", "messages/https");
        List<Finding> findings = new ArrayList<>();
        Doctor.examine(settings, finding -> {
            findings.add(finding);
            String state = switch (finding.state()) {
                case GOOD -> "good";
                case NOTE -> "note";
                case BAD -> "BAD ";
            };
            out.printf(
                    Locale.ROOT,
                    "%s  %-12s %s%n",
                    state,
                    finding.title(texts, Locale.ENGLISH),
                    finding.text(texts, Locale.ENGLISH));
        });
        long bad = findings.stream()
                .filter(finding -> finding.state() == Finding.State.BAD)
                .count();
        out.println(bad == 0 ? "Nothing is wrong." : bad + " to mend.");
        return bad == 0 ? 0 : 1;
    }
}
