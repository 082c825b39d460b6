namespace Kalisecu.Rights;

/// <summary>Where the journal of erasures is: outside of the database and its backups, shared by all processes.</summary>
internal sealed record ErasureJournalFolder(string Path);
