// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A folder as {@code .tar.gz}: POSIX ustar, files of root, in order of their names, so that the same folder gives the same archive. */
final class Archive {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_LENGTH = 155;
    private static final int BEST_COMPRESSION = 9;

    private Archive() {}

    static void write(Path folder, Path archive) throws IOException {
        List<Path> all;
        try (var walk = Files.walk(folder)) {
            all = walk.sorted().toList();
        }
        try (OutputStream out = new BufferedOutputStream(packed(Files.newOutputStream(archive)), 1 << 20)) {
            for (Path each : all) {
                String name = folder.getParent().relativize(each).toString();
                boolean link = Files.isSymbolicLink(each);
                boolean directory = !link && Files.isDirectory(each);
                long size = link || directory ? 0 : Files.size(each);
                out.write(header(name + (directory ? "/" : ""), each, link, directory, size));
                if (!link && !directory) {
                    Files.copy(each, out);
                    out.write(new byte[(int) (-size & (BLOCK - 1))]);
                }
            }
            out.write(new byte[2 * BLOCK]);
        }
    }

    private static OutputStream packed(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, 1 << 16) {
            {
                def.setLevel(BEST_COMPRESSION);
            }
        };
    }

    private static byte[] header(String name, Path file, boolean link, boolean directory, long size) throws IOException {
        byte[] header = new byte[BLOCK];
        int cut = name.length() <= NAME_LENGTH ? -1 : name.indexOf('/', name.length() - NAME_LENGTH - 1);
        if (cut > PREFIX_LENGTH || (cut < 0 && name.length() > NAME_LENGTH)) {
            throw new IOException(name + " is too long for an archive");
        }
        put(header, 0, name.substring(cut + 1));
        put(header, 100, String.format("%07o", directory || Files.isExecutable(file) ? 0755 : 0644));
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format("%011o", size));
        put(header, 136, String.format("%011o", PackDistribution.TIME.toMillis() / 1000));
        put(header, 148, "        ");
        put(header, 156, link ? "2" : directory ? "5" : "0");
        put(header, 157, link ? Files.readSymbolicLink(file).toString() : "");
        put(header, 257, "ustar\00000");
        put(header, 265, "root");
        put(header, 297, "root");
        put(header, 345, cut < 0 ? "" : name.substring(0, cut));
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /** As {@code sha256sum -c} reads them. */
    static void writeSums(Path dist) throws Exception {
        StringBuilder sums = new StringBuilder();
        for (Path each : PackDistribution.files(dist)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(each), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            sums.append(HexFormat.of().formatHex(digest.digest())).append("  ").append(each.getFileName()).append('\n');
            System.out.printf("[INFO] %s: %.1f MB%n", each.getFileName(), Files.size(each) / 1e6);
        }
        Files.writeString(dist.resolve("SHA256SUMS"), sums);
    }
}
