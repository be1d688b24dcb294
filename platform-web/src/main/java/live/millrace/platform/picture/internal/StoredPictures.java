// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture.internal;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.shared.FetchedCache;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Pictures in the database, the ones that are asked for often in memory. */
@Service
class StoredPictures implements Pictures {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");
    private static final int NAME_BYTES = 16;
    private static final long CACHED_BYTES = 16 << 20;

    private final SecureRandom random = new SecureRandom();
    private final PictureEncoder encoder;
    private final UploadQuota quota;
    private final JdbcClient database;
    private final FetchedCache<String, Optional<Stored>> cache = new FetchedCache<>(Caffeine.newBuilder()
            .maximumWeight(CACHED_BYTES)
            .weigher((String _, Optional<Stored> stored) ->
                    stored.map(found -> found.bytes().length).orElse(0) + 200));

    StoredPictures(PictureEncoder encoder, UploadQuota quota, JdbcClient database) {
        this.encoder = encoder;
        this.quota = quota;
        this.database = database;
    }

    @Override
    public String store(PictureKind kind, @Nullable Long owner, InputStream upload) throws BadPictureException {
        byte[] bytes;
        try {
            bytes = upload.readNBytes(MAX_UPLOAD + 1);
        } catch (IOException lost) {
            throw new BadPictureException("picture.unreadable");
        }
        if (bytes.length > MAX_UPLOAD) {
            throw new BadPictureException("picture.large");
        }
        if (owner != null && !quota.take(owner, bytes.length)) {
            throw BadPictureException.often();
        }
        Stored stored = encoder.encode(kind, bytes);
        byte[] random128 = new byte[NAME_BYTES];
        random.nextBytes(random128);
        String name = HexFormat.of().formatHex(random128);
        database.sql("insert into picture_file (name, account_id, kind, content_type, bytes) values (?, ?, ?, ?, ?)")
                .param(name)
                .param(owner)
                .param(kind.name())
                .param(stored.contentType())
                .param(stored.bytes())
                .update();
        // Somebody may have asked for the name before; unlikely, and remembered as absent.
        cache.invalidate(name);
        return name;
    }

    @Override
    public Optional<Stored> find(String name) {
        return NAME.matcher(name).matches() ? cache.get(name, this::load) : Optional.empty();
    }

    private Optional<Stored> load(String name) {
        return database.sql("select content_type, bytes from picture_file where name = ?")
                .param(name)
                .query((row, _) -> new Stored(row.getString(1), row.getBytes(2)))
                .optional();
    }

    @Override
    public void delete(String name) {
        database.sql("delete from picture_file where name = ?").param(name).update();
        cache.invalidate(name);
    }
}
