// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/** One fragmented file of several tracks, made of the initialization sections and fragments of each, as this package writes them. */
public final class FragmentedMovie {
    private static final int BOX_HEADER = 8;

    private FragmentedMovie() {}

    /**
     * What stands before all fragments.
     *
     * @param initializations of one track each, borrowed; at least one
     * @return unpooled, owned by the caller
     */
    public static ByteBuf head(List<ByteBuf> initializations) {
        ByteBuf out = Unpooled.buffer(1_024);
        ByteBuf first = initializations.getFirst();
        copy("ftyp", first, out);
        int moov = Box.begin("moov", out);
        copy("mvhd", movie(first), out);
        initializations.forEach(each -> copy("trak", movie(each), out));
        int mvex = Box.begin("mvex", out);
        initializations.forEach(
                each -> copy("trex", Box.find("mvex", movie(each)).orElseThrow(FragmentedMovie::foreign), out));
        Box.end(mvex, out);
        Box.end(moov, out);
        return out;
    }

    private static ByteBuf movie(ByteBuf initialization) {
        return Box.find("moov", initialization).orElseThrow(FragmentedMovie::foreign);
    }

    private static void copy(String type, ByteBuf from, ByteBuf out) {
        ByteBuf content = Box.find(type, from).orElseThrow(FragmentedMovie::foreign);
        int start = Box.begin(type, out);
        out.writeBytes(content, content.readerIndex(), content.readableBytes());
        Box.end(start, out);
    }

    private static IllegalArgumentException foreign() {
        return new IllegalArgumentException("not written here");
    }

    /**
     * The head of a fragment under another number and time.
     *
     * @param head {@code moof}, and the header of {@code mdat}; borrowed
     * @return unpooled, owned by the caller, of the same length
     */
    public static ByteBuf moved(ByteBuf head, int sequenceNumber, long baseDecodeTime) {
        ByteBuf out = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(head));
        ByteBuf moof = out.slice(BOX_HEADER, out.getInt(0) - BOX_HEADER);
        ByteBuf mfhd = Box.find("mfhd", moof).orElseThrow(FragmentedMovie::foreign);
        mfhd.setInt(mfhd.readerIndex() + 4, sequenceNumber);
        ByteBuf tfdt =
                Box.find("traf", moof).flatMap(traf -> Box.find("tfdt", traf)).orElseThrow(FragmentedMovie::foreign);
        tfdt.setLong(tfdt.readerIndex() + 4, baseDecodeTime);
        return out;
    }
}
