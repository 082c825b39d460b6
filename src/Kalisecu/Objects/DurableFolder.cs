using System.Runtime.InteropServices;

namespace Kalisecu.Objects;

/// <summary>Makes a new name in a folder survive a power cut: .NET flushes files, not folders.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException(
                $"The folder could not be opened to flush it (errno {Marshal.GetLastPInvokeError()})."
            );
        }

        var result = Fsync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"The folder could not be flushed (errno {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
