// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import live.millrace.platform.shared.DataDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What was on air when something was reported: MPEG-TS segments, in a folder for each case, named by numbers. */
@Component
class EvidenceFiles {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceFiles.class);

    private final Path root;

    EvidenceFiles(DataDirectory data) {
        this.root = data.resolve("evidence");
    }

    private Path folder(long caseId) {
        return root.resolve(Long.toString(caseId));
    }

    /** Answers how many were kept; a full disk keeps none and hinders no report. */
    int keep(long caseId, List<byte[]> segments) {
        try {
            if (!segments.isEmpty()) {
                Files.createDirectories(folder(caseId));
            }
            for (int i = 0; i < segments.size(); i++) {
                Files.write(folder(caseId).resolve(i + ".ts"), segments.get(i));
            }
            return segments.size();
        } catch (IOException e) {
            LOG.warn("The evidence of case {} could not be kept: {}", caseId, e.getMessage());
            clear(caseId);
            return 0;
        }
    }

    private void clear(long caseId) {
        try {
            delete(caseId);
        } catch (IOException e) {
            LOG.warn("The evidence of case {} could not be deleted: {}", caseId, e.getMessage());
        }
    }

    Optional<byte[]> read(long caseId, int number) {
        try {
            return Optional.of(Files.readAllBytes(folder(caseId).resolve(number + ".ts")));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("The evidence of case {} cannot be read: {}", caseId, e.getMessage());
            return Optional.empty();
        }
    }

    /** Also when some of it, or all, is gone already. */
    void delete(long caseId) throws IOException {
        try (Stream<Path> files = Files.list(folder(caseId))) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder(caseId));
        } catch (NoSuchFileException nothing) {
            LOG.debug("Case {} has no files", caseId);
        }
    }
}
