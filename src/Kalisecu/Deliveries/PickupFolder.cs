using MimeKit;

namespace Kalisecu.Deliveries;

/// <summary>Puts letters into a folder, each as a file named like the letter: put again, it is the same file.</summary>
internal sealed class PickupFolder : ILetterTransport
{
    private readonly string _folder;

    public PickupFolder(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public int AtOnce => 4;

    // A file of a few kilobytes: nothing to wait for but the disk.
    public Task<SendResult> SendAsync(MimeMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(Send(message));

    private SendResult Send(MimeMessage message)
    {
        var name = message.MessageId!.Split('@')[0];
        var pending = Path.Combine(_folder, "." + name);
        try
        {
            using (var file = new FileStream(pending, WriteOnly()))
            {
                message.WriteTo(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(pending, Path.Combine(_folder, name + ".eml"), overwrite: true);
            return SendResult.Taken;
        }
        catch (IOException)
        {
            return new SendResult(SendOutcome.RelayDown, "folder_not_writable");
        }
    }

    private static FileStreamOptions WriteOnly() =>
        new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
}
