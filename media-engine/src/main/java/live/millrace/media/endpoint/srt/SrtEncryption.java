// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.protocol.srt.MalformedSrtException;
import live.millrace.media.protocol.srt.SrtKeys;
import live.millrace.media.protocol.srt.SrtReject;
import org.jspecify.annotations.Nullable;

/**
 * The encryption of one connection: the keys that its caller brought, and the passphrase that they are wrapped with, which is known once
 * it is known who calls. Confined to the event loop; keys are unwrapped elsewhere.
 */
final class SrtEncryption {
    /** What stands against a caller's encryption. */
    enum Fault {
        WRONG(SrtReject.BAD_SECRET, RefusalCause.WRONG_PASSPHRASE),
        MISSING(SrtReject.UNSECURE, RefusalCause.PASSPHRASE_MISSING),
        UNWANTED(SrtReject.UNSECURE, RefusalCause.PASSPHRASE_UNWANTED),
        UNKNOWN(SrtReject.CRYPTO, RefusalCause.UNKNOWN_ENCRYPTION),
        BROKEN(SrtReject.ROGUE, RefusalCause.PEER_LEFT),
        /** Nothing stands against it: there was no time to look. */
        BUSY(SrtReject.RESOURCE, RefusalCause.NO_ANSWER);

        private final SrtReject reject;
        private final RefusalCause cause;

        Fault(SrtReject reject, RefusalCause cause) {
            this.reject = reject;
            this.cause = cause;
        }

        /** What the caller is told. */
        SrtReject reject() {
            return reject;
        }

        /** What whoever owns the key is told. */
        RefusalCause cause() {
            return cause;
        }

        private static Fault of(Throwable failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            if (!(cause instanceof MalformedSrtException malformed)) {
                return BUSY;
            }
            return switch (malformed.reject()) {
                case BAD_SECRET -> WRONG;
                case CRYPTO -> UNKNOWN;
                default -> BROKEN;
            };
        }
    }

    private final Executor keyWork;
    private final Optional<byte[]> offered;
    private String passphrase = "";
    private @Nullable SrtKeys keys;

    /**
     * Nobody looked at it yet.
     *
     * @param keyWork unwraps keys, which takes milliseconds
     * @param offered the caller's message of keys; empty where it does not encrypt
     */
    SrtEncryption(Executor keyWork, Optional<byte[]> offered) {
        this.keyWork = keyWork;
        this.offered = offered;
    }

    /** Those that were read. */
    Optional<SrtKeys> keys() {
        return Optional.ofNullable(keys);
    }

    /**
     * Whether the caller encrypts as it has to.
     *
     * @param wanted empty where it must not encrypt
     * @return completes on the channel's loop: empty for yes, else why not
     */
    CompletionStage<Optional<Fault>> check(Channel channel, Optional<String> wanted) {
        if (wanted.isEmpty() || offered.isEmpty()) {
            Optional<Fault> unequal = wanted.isPresent() ? Optional.of(Fault.MISSING) : Optional.of(Fault.UNWANTED);
            return CompletableFuture.completedStage(
                    wanted.isPresent() == offered.isPresent() ? Optional.empty() : unequal);
        }
        passphrase = wanted.get();
        return unwrap(offered.get())
                .handleAsync(
                        (read, failure) -> {
                            keys = read;
                            return failure == null ? Optional.empty() : Optional.of(Fault.of(failure));
                        },
                        channel.eventLoop());
    }

    /** Unwraps a message of keys on a thread that may take its time, with the passphrase that the first was read with. */
    CompletionStage<SrtKeys> unwrap(byte[] message) {
        String with = passphrase;
        CompletableFuture<SrtKeys> read = new CompletableFuture<>();
        try {
            keyWork.execute(() -> {
                try {
                    read.complete(SrtKeys.unwrap(message, with));
                } catch (MalformedSrtException | RuntimeException e) {
                    read.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException full) {
            read.completeExceptionally(full);
        }
        return read;
    }

    /** Secrets stand here. */
    @Override
    public String toString() {
        return "SrtEncryption[hidden]";
    }
}
