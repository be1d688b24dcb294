// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.recording.UploadRefusedException;
import live.millrace.platform.recording.UploadRefusedException.Why;
import live.millrace.platform.recording.UploadView;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.VideoUploads;
import live.millrace.platform.shared.WellFormed;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Uploads: rows in the database, bytes in the data directory. */
@Service
class SiteVideoUploads implements VideoUploads {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 16;

    private final UploadRows rows;
    private final UploadFiles files;
    private final UploadRoom room;
    private final UploadImports imports;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final boolean enabled;
    private final long most;

    SiteVideoUploads(
            UploadRows rows,
            UploadFiles files,
            UploadRoom room,
            UploadImports imports,
            TransactionTemplate transaction,
            Clock clock,
            UploadSettings settings,
            EngineSettings engine) {
        this.rows = rows;
        this.files = files;
        this.room = room;
        this.imports = imports;
        this.transaction = transaction;
        this.clock = clock;
        this.enabled = settings.enabled() && engine.recording().enabled();
        this.most = settings.maxSize().toBytes();
    }

    @Override
    public boolean enabled() {
        return enabled;
    }

    @Override
    public long mostBytes() {
        return most;
    }

    @Override
    public UploadView begin(ChannelView channel, long account, String fileName, String title, long bytes) {
        if (!enabled) {
            throw new UploadRefusedException(Why.OFF);
        }
        String name = fileName.strip();
        if (name.isEmpty() || name.length() > MAX_FILE_NAME || !WellFormed.text(name)) {
            throw new UploadRefusedException(Why.NAME, MAX_FILE_NAME);
        }
        String called = title.isBlank() ? WellFormed.cut(withoutEnding(name), VideoDesk.MAX_TITLE) : title.strip();
        if (called.length() > VideoDesk.MAX_TITLE || !WellFormed.text(called)) {
            throw new UploadRefusedException(Why.TITLE, VideoDesk.MAX_TITLE);
        }
        if (bytes <= 0) {
            throw new UploadRefusedException(Why.SIZE);
        }
        if (bytes > most) {
            throw new UploadRefusedException(Why.LARGE, most);
        }
        Instant now = clock.instant();
        UploadView fresh = new UploadView(
                id(), channel.id(), name, called, bytes, 0, UploadView.State.RECEIVING, 0, null, null, null, now, now);
        transaction.executeWithoutResult(_ -> {
            rows.lockChannel(channel.id());
            UploadRows.Open open = rows.open(channel.id());
            if (open.count() >= MAX_OPEN) {
                throw new UploadRefusedException(Why.MANY, MAX_OPEN);
            }
            room.require(channel.id(), bytes, open);
            rows.add(fresh, account);
        });
        return fresh;
    }

    private static String withoutEnding(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static String id() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public List<UploadView> ofChannel(long channelId) {
        return rows.ofChannel(channelId).stream().map(this::current).toList();
    }

    @Override
    public Optional<UploadView> find(long channelId, String id) {
        return rows.find(channelId, id).map(this::current);
    }

    /** Bytes that came since the last piece ended. */
    private UploadView current(UploadView upload) {
        return upload.state() == UploadView.State.RECEIVING
                ? new UploadView(
                        upload.id(),
                        upload.channelId(),
                        upload.fileName(),
                        upload.title(),
                        upload.bytes(),
                        files.received(upload.id(), upload.received()),
                        upload.state(),
                        upload.percent(),
                        upload.refusal(),
                        upload.codec(),
                        upload.video(),
                        upload.createdAt(),
                        upload.changedAt())
                : upload;
    }

    @Override
    public UploadView append(UploadView upload, long offset, InputStream body) throws IOException {
        if (upload.state() != UploadView.State.RECEIVING) {
            throw new UploadRefusedException(Why.CLOSED);
        }
        room.requirePiece();
        long received = files.append(upload.id(), upload.received(), offset, upload.bytes(), body);
        if (!rows.received(upload.id(), received, clock.instant())) {
            boolean taken = rows.find(upload.id())
                    .filter(now -> now.state() != UploadView.State.CANCELLED)
                    .isPresent();
            if (!taken) {
                files.remove(upload.id()); // cancelled meanwhile
            }
            throw new UploadRefusedException(Why.CLOSED);
        }
        if (received == upload.bytes()) {
            files.finished(upload.id());
            imports.wake();
        }
        return rows.find(upload.id()).orElse(upload);
    }

    @Override
    public boolean cancel(UploadView upload) {
        boolean open = rows.cancel(upload.id(), clock.instant());
        if (open && upload.state() != UploadView.State.IMPORTING) {
            files.remove(upload.id()); // else by whoever takes it in
        }
        return open;
    }
}
