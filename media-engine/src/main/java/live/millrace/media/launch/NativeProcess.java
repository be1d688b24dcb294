// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What only the C library can do with a process. POSIX; the numbers are those of Linux.
 *
 * <p>Its constructor throws {@link UnsupportedOperationException} where there are no such functions, and {@link IllegalCallerException}
 * where they may not be called.
 */
final class NativeProcess {
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private final MethodHandle execv;
    private final MethodHandle fcntl;

    @SuppressWarnings("restricted") // the manifests of both jars allow it
    NativeProcess() {
        Linker linker = Linker.nativeLinker();
        execv = linker.downcallHandle(
                address(linker, "execv"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        fcntl = linker.downcallHandle(
                address(linker, "fcntl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
    }

    private static MemorySegment address(Linker linker, String function) {
        return linker.defaultLookup().find(function).orElseThrow(() -> new UnsupportedOperationException(function));
    }

    /** A descriptor that is not handed on. */
    void closeOnReplacement(int descriptor) {
        try {
            var _ = (int) fcntl.invokeExact(descriptor, F_SETFD, FD_CLOEXEC);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable undeclared) {
            throw thrownByC(undeclared);
        }
    }

    /**
     * Runs another program in this process, and returns when that failed.
     *
     * @param arguments bytes as characters, the first of them the name of the program
     */
    int replace(String file, List<String> arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 1L);
            for (int i = 0; i < arguments.size(); i++) {
                vector.setAtIndex(
                        ValueLayout.ADDRESS, i, arena.allocateFrom(arguments.get(i), StandardCharsets.ISO_8859_1));
            }
            vector.setAtIndex(ValueLayout.ADDRESS, arguments.size(), MemorySegment.NULL);
            return (int) execv.invokeExact(arena.allocateFrom(file), vector);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable undeclared) {
            throw thrownByC(undeclared);
        }
    }

    private static IllegalStateException thrownByC(Throwable cause) {
        return new IllegalStateException("a C function throws nothing", cause);
    }
}
