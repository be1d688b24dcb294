// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.OptionalLong;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.recording.UploadRefusedException;
import live.millrace.platform.recording.UploadRefusedException.Why;
import live.millrace.platform.recording.internal.RecordingLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Whether there is room for one upload more. A video takes what its file takes, and both are there while it is taken in. */
@Component
class UploadRoom {
    private static final Logger LOG = LoggerFactory.getLogger(UploadRoom.class);

    private final RecordingLimits limits;
    private final UploadRows rows;
    private final UploadFiles files;
    private final long minFree;

    UploadRoom(RecordingLimits limits, UploadRows rows, UploadFiles files, EngineSettings settings) {
        this.limits = limits;
        this.rows = rows;
        this.files = files;
        this.minFree = settings.recording().minFree().toBytes();
    }

    /**
     * Looks whether a file may come.
     *
     * @throws UploadRefusedException if there is no room
     */
    void require(long channelId, long bytes, UploadRows.Open open) {
        UploadRows.Kept kept = rows.kept(channelId);
        requireWithin(limits.channelQuota(), kept.channel() + open.channel() + bytes, Why.QUOTA);
        requireWithin(limits.siteQuota(), kept.all() + open.all() + bytes, Why.ROOM);
        try {
            FileStore uploads = Files.getFileStore(files.directory());
            FileStore recordings = Files.getFileStore(limits.directory());
            long received = open.missing() + bytes;
            long taken = open.all() + bytes;
            boolean one = uploads.equals(recordings);
            if (uploads.getUsableSpace() < minFree + received + (one ? taken : 0)
                    || recordings.getUsableSpace() < minFree + taken) {
                throw new UploadRefusedException(Why.ROOM);
            }
        } catch (IOException e) {
            LOG.warn("Nobody knows how much is free for uploads: {}", e.toString());
            throw new UploadRefusedException(Why.ROOM);
        }
    }

    private static void requireWithin(OptionalLong most, long bytes, Why why) {
        if (most.isPresent() && bytes > most.getAsLong()) {
            throw new UploadRefusedException(why, most.getAsLong());
        }
    }

    /**
     * Looks whether the next piece may come.
     *
     * @throws UploadRefusedException if the disk is as good as full
     */
    void requirePiece() throws IOException {
        if (Files.getFileStore(files.directory()).getUsableSpace() < minFree / 2) {
            throw new UploadRefusedException(Why.ROOM);
        }
    }
}
