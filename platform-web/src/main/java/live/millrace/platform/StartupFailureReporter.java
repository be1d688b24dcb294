// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** A start that failed ends with one line: what is wrong, and what to do about it. */
final class StartupFailureReporter implements FailureAnalysisReporter {
    private static final Logger LOG = LoggerFactory.getLogger("millrace");

    @Override
    public void report(FailureAnalysis analysis) {
        String action = analysis.getAction() == null ? "" : " " + analysis.getAction();
        LOG.error(
                "Millrace cannot start. {}",
                (analysis.getDescription() + action).replaceAll("\\s+", " ").strip());
    }
}
