namespace Kalisecu.Rights;

/// <summary>Where the journal of erasures is: outside of the database and its backups, shared by all processes.</summary>
/// <param name="Path">The folder of the journal itself.</param>
/// <param name="HeadFile">
/// Where its length stands, beside the keys: a journal that lost its end does not look whole. It is copied with the keys, and a
/// journal that comes without it is taken by nobody but an operator who says so.
/// </param>
internal sealed record ErasureJournalFolder(string Path, string HeadFile);
