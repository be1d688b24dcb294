// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.CredentialsGivenUp;
import live.millrace.platform.channel.NewPassphrase;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeyBlocked;
import live.millrace.platform.channel.StreamKeyEncryption;
import live.millrace.platform.channel.StreamKeyRevoked;
import live.millrace.platform.channel.StreamKeyView;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.shared.SiteKey;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JpaStreamKeys implements StreamKeys {
    private final StreamKeyRepository keys;
    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final SiteKey siteKey;
    private final Clock clock;

    JpaStreamKeys(
            StreamKeyRepository keys,
            JdbcClient database,
            ApplicationEventPublisher events,
            SiteKey siteKey,
            Clock clock) {
        this.keys = keys;
        this.siteKey = siteKey;
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    public List<StreamKeyView> ofChannel(long channelId) {
        return keys.findByChannelIdAndBrowserFalseAndRevokedAtIsNullOrderByIdDesc(channelId).stream()
                .map(StreamKey::view)
                .toList();
    }

    @Override
    @Transactional
    public Optional<NewStreamKey> create(long channelId, String name, boolean encrypted) {
        if (keys.countByChannelIdAndBrowserFalseAndRevokedAtIsNull(channelId) >= MAX_KEYS) {
            return Optional.empty();
        }
        String secret = StreamKeyFormat.random();
        String prefix = StreamKeyFormat.prefix(secret).orElseThrow();
        String passphrase = encrypted ? StreamKeyFormat.randomPassphrase() : null;
        StreamKey key = keys.save(new StreamKey(
                channelId,
                name.strip(),
                prefix,
                StreamKeyFormat.hash(secret),
                passphrase == null ? null : sealed(prefix, passphrase),
                clock.instant()));
        return Optional.of(new NewStreamKey(key.view(), secret, passphrase));
    }

    // ---- passphrases ------------------------------------------------------------------------------------------

    private static String purpose(String prefix) {
        return "passphrase of stream key " + prefix;
    }

    private byte[] sealed(String prefix, String passphrase) {
        return siteKey.seal(purpose(prefix), passphrase.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    @Transactional
    public Optional<NewPassphrase> encrypt(long channelId, long keyId) {
        return keys.lock(channelId, keyId).map(StreamKey::view).map(key -> {
            String passphrase = StreamKeyFormat.randomPassphrase();
            put(keyId, sealed(key.prefix(), passphrase));
            return new NewPassphrase(key, passphrase);
        });
    }

    @Override
    @Transactional
    public boolean leavePlain(long channelId, long keyId) {
        boolean there = keys.lock(channelId, keyId).isPresent();
        if (there) {
            put(keyId, null);
        }
        return there;
    }

    private void put(long keyId, byte @Nullable [] kept) {
        database.sql("update channel_stream_key set sealed_passphrase = :sealed where id = :id")
                .param("sealed", kept, Types.BINARY)
                .param("id", keyId)
                .update();
        events.publishEvent(new StreamKeyEncryption(keyId));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<String> passphrase(long keyId) {
        return keys.findById(keyId)
                .flatMap(key -> Optional.ofNullable(key.sealedPassphrase())
                        .map(kept -> siteKey.open(purpose(key.prefix()), kept)
                                .map(plain -> new String(plain, StandardCharsets.US_ASCII))
                                .orElseGet(StreamKeyFormat::randomPassphrase)));
    }

    // ---- revoking ---------------------------------------------------------------------------------------------

    @Override
    @Transactional
    public boolean revoke(long channelId, long keyId) {
        Optional<StreamKey> key = keys.lock(channelId, keyId);
        key.ifPresent(found -> {
            found.revoke(clock.instant());
            keys.flush();
            events.publishEvent(new StreamKeyRevoked(channelId, keyId));
        });
        return key.isPresent();
    }

    private record OwnedKey(long channelId, long keyId, boolean browser) {}

    private List<OwnedKey> ofAccount(long accountId) {
        return database.sql("""
                select k.channel_id, k.id, k.browser from channel_stream_key k join channel c on c.id = k.channel_id
                where c.account_id = ? and k.revoked_at is null order by k.id
                """)
                .param(accountId)
                .query((row, _) -> new OwnedKey(row.getLong(1), row.getLong(2), row.getBoolean(3)))
                .list();
    }

    @Override
    @Transactional
    public int revokeAll(long accountId) {
        List<OwnedKey> all = ofAccount(accountId);
        all.forEach(key -> revoke(key.channelId(), key.keyId()));
        return all.size();
    }

    @Override
    @Transactional(readOnly = true)
    public int count(long accountId) {
        return (int) ofAccount(accountId).stream().filter(key -> !key.browser()).count();
    }

    @EventListener
    void on(CredentialsGivenUp event) {
        if (event.keys()) {
            revokeAll(event.accountId());
        }
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<StreamKeyView> identify(String secret) {
        return StreamKeyFormat.prefix(secret)
                .flatMap(keys::findByPrefix)
                .filter(key -> MessageDigest.isEqual(key.secretHash(), StreamKeyFormat.hash(secret)))
                .map(StreamKey::view);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<StreamKeyView> findByPrefix(String text) {
        return StreamKeyFormat.prefixOfAny(text).flatMap(keys::findByPrefix).map(StreamKey::view);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<StreamKeyView> find(long keyId) {
        return keys.findById(keyId).map(StreamKey::view);
    }

    @Override
    @Transactional
    public void used(long keyId, String encoder) {
        database.sql("update channel_stream_key set last_used_at = ?, last_encoder = ? where id = ?")
                .param(Timestamp.from(clock.instant()))
                .param(encoder)
                .param(keyId)
                .update();
    }

    @Override
    @Transactional
    public void block(long keyId, Instant until) {
        database.sql("""
                update channel_stream_key set blocked_until = :until
                where id = :id and (blocked_until is null or blocked_until < :until)
                """)
                .param("until", Timestamp.from(until))
                .param("id", keyId)
                .update();
        events.publishEvent(new StreamKeyBlocked(keyId));
    }

    @Override
    @Transactional
    public void unblock(long keyId, Instant until) {
        database.sql("update channel_stream_key set blocked_until = null where id = ? and blocked_until = ?")
                .param(keyId)
                .param(Timestamp.from(until))
                .update();
    }
}
