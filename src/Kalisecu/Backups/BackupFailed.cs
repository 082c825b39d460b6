namespace Kalisecu.Backups;

/// <summary>A backup or a restore that did not work, in words for operators: without personal data.</summary>
internal sealed class BackupFailed(string message, Exception? cause = null) : Exception(message, cause);
