// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What FLV and RTMP call a codec.
 *
 * @param ids CodecID of pictures or SoundFormat of sound (FLV 10.1 §E.4): all that are read, and the first is written
 * @param fourCc its name in Enhanced RTMP v2; empty when that knows it not
 * @param classic written under its id, in the form that every player knows; otherwise in the extended form, under its FourCC
 */
public record FlvCodecId(List<Integer> ids, Optional<FourCc> fourCc, boolean classic) {
    /** Ids have four bits. */
    public static final int IDS = 16;

    public FlvCodecId {
        ids = List.copyOf(ids);
        if (classic ? ids.isEmpty() : fourCc.isEmpty()) {
            throw new IllegalArgumentException("nothing to write it under");
        }
        if (ids.stream().anyMatch(id -> id < 0 || id >= IDS)) {
            throw new IllegalArgumentException("ids of more than four bits: " + ids);
        }
    }

    /** Read in both forms, written in the classic one. */
    public static FlvCodecId classic(FourCc fourCc, int... ids) {
        return new FlvCodecId(Arrays.stream(ids).boxed().toList(), Optional.of(fourCc), true);
    }

    /** Unknown to Enhanced RTMP. */
    public static FlvCodecId classicAlone(int id) {
        return new FlvCodecId(List.of(id), Optional.empty(), true);
    }

    /** Written in the extended form, and read in the classic one as well if it has ids. */
    public static FlvCodecId extended(FourCc fourCc, int... ids) {
        return new FlvCodecId(Arrays.stream(ids).boxed().toList(), Optional.of(fourCc), false);
    }

    /** What a classic tag says. */
    public int id() {
        return ids.getFirst();
    }

    /** What {@code onMetaData} says: where the classic ids have no entry, a FourCC stands as a number (Enhanced RTMP v2). */
    public int number() {
        return classic ? id() : fourCc.orElseThrow().bits();
    }
}
