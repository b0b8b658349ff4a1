import type { ReactNode } from 'react'

/** Drawn here, 16 x 16, in the colour of the text: no font and no sprite is fetched. Decoration only, the text beside says it. */
function icon(drawing: ReactNode) {
  return function Icon({ className = 'icon' }: { readonly className?: string }) {
    return (
      <svg className={className} viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
        {drawing}
      </svg>
    )
  }
}

export const InboxIcon = icon(<><path d="M2 9.5 4 3h8l2 6.5V13H2z" /><path d="M2 9.5h3.5l1 1.8h3l1-1.8H14" /></>)
export const ExposureIcon = icon(<><path d="M2 14h12" /><path d="M4 11V8M8 11V3M12 11V6" /></>)
export const InventoryIcon = icon(<><path d="M2.5 4h11M2.5 8h11M2.5 12h7" /></>)
export const SourcesIcon = icon(<><circle cx="8" cy="8" r="6" /><path d="M2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12" /></>)
export const SettingsIcon = icon(<><circle cx="8" cy="8" r="2.2" /><path d="M8 1.8v1.9M8 12.3v1.9M1.8 8h1.9M12.3 8h1.9M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4" /></>)
export const SearchIcon = icon(<><circle cx="7" cy="7" r="4.5" /><path d="m10.5 10.5 3.5 3.5" /></>)
export const CheckIcon = icon(<path d="m3 8.5 3.2 3.2L13 4.8" />)
export const CrossIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />)
export const DownIcon = icon(<path d="m4 6 4 4 4-4" />)
export const RightIcon = icon(<path d="m6 4 4 4-4 4" />)
export const LeftIcon = icon(<path d="m10 4-4 4 4 4" />)
export const UpIcon = icon(<path d="m4 10 4-4 4 4" />)
export const OutIcon = icon(<><path d="M6.5 3.5H3v9.5h9.5V9.5" /><path d="M9 2.5h4.5V7M13.5 2.5 7.5 8.5" /></>)
export const CopyIcon = icon(<><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" /></>)
export const AgainIcon = icon(<><path d="M13 8a5 5 0 1 1-1.5-3.6" /><path d="M13.2 2v3h-3" /></>)
export const PersonIcon = icon(<><circle cx="8" cy="5.5" r="2.7" /><path d="M2.8 13.5c.8-2.6 2.8-3.8 5.2-3.8s4.4 1.2 5.2 3.8" /></>)
export const MoreIcon = icon(<><circle cx="3.5" cy="8" r=".7" fill="currentColor" /><circle cx="8" cy="8" r=".7" fill="currentColor" /><circle cx="12.5" cy="8" r=".7" fill="currentColor" /></>)
export const LightIcon = icon(<><circle cx="8" cy="8" r="2.8" /><path d="M8 1.500v1.300M8 13.200v1.300M1.5 8h1.300M13.2 8h1.300M3.4 3.400l.9.9M11.7 11.700l.9.9M12.6 3.400l-.9.9M4.3 11.700l-.9.9" /></>)
export const DarkIcon = icon(<path d="M13.5 9.600A5.8 5.8 0 0 1 6.4 2.500a5.8 5.8 0 1 0 7.1 7.100z" />)
export const SystemThemeIcon = icon(<><circle cx="8" cy="8" r="5.5" /><path d="M8 2.500v11a5.5 5.5 0 0 0 0-11z" fill="currentColor" stroke="none" /></>)
export const KeyboardIcon = icon(<><rect x="1.5" y="4" width="13" height="8.5" rx="1.5" /><path d="M4 6.800h.01M6.7 6.800h.01M9.3 6.800h.01M12 6.800h.01M5 9.800h6" /></>)
export const LeaveIcon = icon(<><path d="M6.5 2.500H3v11h3.5" /><path d="M7 8h6.500M11 5.5 13.5 8 11 10.5" /></>)
export const WarnIcon = icon(<><path d="M8 2.2 14.3 13H1.700z" /><path d="M8 6.500v3M8 11.200h.01" /></>)
export const InfoIcon = icon(<><circle cx="8" cy="8" r="6" /><path d="M8 7.500v3.500M8 5.200h.01" /></>)
export const FilterIcon = icon(<path d="M2 3.500h12L9.5 8.700V13l-3-1.500V8.700z" />)
export const CommentIcon = icon(<path d="M2.5 3h11v7.500H7L4 13v-2.500H2.500z" />)
export const LinkIcon = icon(<><path d="M6.8 9.200a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.700l-.7.7" /><path d="M9.2 6.800a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.700l.7-.7" /></>)
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />)
export const DownloadIcon = icon(<><path d="M8 2.500v7.500M4.8 7 8 10.2 11.2 7" /><path d="M2.5 13.500h11" /></>)
export const ShieldIcon = icon(<><path d="M8 1.8 13.5 4v4c0 3.2-2.3 5.3-5.5 6.300C4.8 13.3 2.5 11.2 2.5 8V4z" /><path d="m5.6 8 1.7 1.700L10.5 6.5" /></>)
